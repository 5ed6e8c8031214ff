-- SPDX-License-Identifier: Apache-2.0
-- What a scenario file sees: a list of what is allowed, locked.
--
-- Each file gets an environment of its own, so that nothing passes from file
-- to file; reading or setting any other global is an error with its line.

local order = use "order"
local place = use "place"
local text = use "text"

local strict = {}

local BASE = { "assert", "error", "getmetatable", "ipairs", "pcall", "rawequal",
    "rawget", "rawlen", "select", "setmetatable", "tonumber", "tostring",
    "type", "xpcall", "_VERSION" }
local LIBRARIES = { "coroutine", "math", "string", "table", "utf8" }

-- ---- functions of Lua's own that are safer made here ----

local function finish(ok, ...)
    if not ok then
        error((...), 0)
    end
    return ...
end

-- Lua's own closes a coroutine that failed, with hooks off.
function coroutine.wrap(body)
    local thread = coroutine.create(body)
    return function(...)
        return finish(coroutine.resume(thread, ...))
    end
end

local talk = print

local function print_all(...)
    local words = table.pack(...)
    for i = 1, words.n do
        words[i] = tostring(words[i])
    end
    talk((table.concat(words, " "):gsub("%c", " ")))
end

for name, counted in order.pairs(text) do
    string[name] = counted
end
getmetatable("").__metatable = "string"

-- ---- the environment ----

local function locked(name, library)
    return setmetatable({}, {
        __index = library,
        __newindex = function(_, key)
            place.new(place.here(), name):fail("%s cannot be set: %s is "
                .. "everybody's", tostring(key), name)
        end,
        __pairs = function()
            return order.pairs(library)
        end,
        __metatable = name,
    })
end

local function names_of(...)
    local names = {}
    for _, visible in ipairs { ... } do
        for name in order.pairs(visible) do
            names[#names + 1] = name
        end
    end
    return names
end

-- words: the vocabulary, name -> value.
function strict.new(words)
    local visible = { pairs = order.pairs, print = print_all,
        random = math.random }
    for _, name in ipairs(BASE) do
        visible[name] = _G[name]
    end
    visible.setmetatable = retrial.setmetatable
    for _, name in ipairs(LIBRARIES) do
        visible[name] = locked(name, _G[name])
    end
    local vocabulary = names_of(words)
    vocabulary[#vocabulary + 1] = "random"
    local all = names_of(visible, words)
    for name, value in order.pairs(words) do
        visible[name] = value
    end
    setmetatable(visible, { __index = function(_, name)
        place.new(place.here(), tostring(name)):fail("unknown name%s the "
            .. "words are: %s", place.hint(tostring(name), all),
            table.concat(vocabulary, ", "))
    end })
    return function()
        return setmetatable({}, {
            __index = visible,
            __newindex = function(_, name)
                place.new(place.here(), tostring(name)):fail(
                    "sets a global; write local %s", tostring(name))
            end,
            __metatable = "environment",
        })
    end
end

return strict
