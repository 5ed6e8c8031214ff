-- SPDX-License-Identifier: Apache-2.0
-- Where we are in a scenario, and how to complain about it.
--
-- A place knows file:line, the scenario's id and the path of the field, so
-- that each complaint names them all:
--   scenarios/x.lua:12: retry-after/seconds: server[1].retry_afer: unknown ...

local place = {}
place.__index = place

local SHOWN_MAX = 40

local function quote(text)
    local shown = text:sub(1, SHOWN_MAX):gsub('[%c"\\\128-\255]', function(c)
        return ("\\x%02x"):format(c:byte())
    end)
    return ('"%s"%s'):format(shown, #text > SHOWN_MAX and "..." or "")
end

-- A value as a message shows it.
function place.show(value)
    if type(value) == "string" then
        return quote(value)
    elseif type(value) == "number" or type(value) == "boolean" then
        return tostring(value)
    elseif type(value) == "table" and getmetatable(value) == "step" then
        return "a step"
    elseif type(value) == "table" and getmetatable(value) == "date" then
        return "a date"
    elseif value == nil then
        return "nothing"
    end
    return "a " .. type(value)
end

-- The scenario line that runs now: "file:line"; nil when a tail call has taken
-- its place on the stack.
function place.here()
    return (retrial.where())
end

-- id may be nil; so may where: the host then says the best it knows.
function place.new(where, id, path)
    return setmetatable({ where = where, id = id, path = path }, place)
end

-- A place knows the one it is in, and its own step from there. Most are made
-- and never complain, so that the path is put together when one does.
function place:field(name)
    return setmetatable({ where = self.where, id = self.id, outer = self,
        name = name }, place)
end

function place:item(index)
    return setmetatable({ where = self.where, id = self.id, outer = self,
        index = tostring(index) }, place)
end

-- The same field, but declared on a line of its own.
function place:from(where)
    return setmetatable({ where = where or self.where, id = self.id,
        outer = self }, place)
end

local function path_of(at)
    local path = at.outer and path_of(at.outer) or at.path or ""
    if at.index then
        return ("%s[%s]"):format(path, at.index)
    elseif not at.name then
        return path
    elseif not at.name:find("^[%a_][%w_]*$") then
        return ("%s[%s]"):format(path, quote(at.name))
    end
    return path == "" and at.name or path .. "." .. at.name
end

function place:fail(format, ...)
    local text = format:format(...)
    local path = path_of(self)
    if path ~= "" then
        text = path .. ": " .. text
    end
    if self.id then
        text = self.id .. ": " .. text
    end
    if self.where then
        text = self.where .. ": " .. text
    end
    error(text, 0)
end

function place:wrong(value, allowed)
    self:fail("found %s; allowed: %s", place.show(value), allowed)
end

-- "; did you mean X?" when a known word is near.
function place.hint(word, words)
    local near = retrial.nearest(word, words)
    return near and ("; did you mean %s?"):format(near) or ";"
end

function place:unknown(word, words, what)
    self:fail("unknown %s%s allowed: %s", what or "word",
        place.hint(word, words), table.concat(words, ", "))
end

return place
