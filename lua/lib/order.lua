-- SPDX-License-Identifier: Apache-2.0
-- pairs, in the order of the keys.
--
-- Lua's own order of text keys changes from process to process; a family that
-- loops over a table would be declared in another order each time.

local order = {}

local rank = { number = 1, string = 2, boolean = 3 }

local function before(left, right)
    local left_rank = rank[type(left)] or 4
    local right_rank = rank[type(right)] or 4
    if left_rank ~= right_rank then
        return left_rank < right_rank
    elseif left_rank <= 2 then
        return left < right
    elseif left_rank == 3 then
        return left and not right
    end
    return false
end

local function plain_pairs(t)
    local keys, at = {}, 0
    for key in next, t do
        keys[#keys + 1] = key
    end
    if #keys > 1 then
        table.sort(keys, before)
    end
    return function()
        while at < #keys do
            at = at + 1
            local value = rawget(t, keys[at])
            if value ~= nil then -- not removed since
                return keys[at], value
            end
        end
        return nil
    end, t, nil
end

function order.pairs(t)
    if type(t) ~= "table" then
        error(("bad argument #1 to 'pairs' (table expected, got %s)")
            :format(t == nil and "nil" or type(t)), 2)
    end
    local own = retrial.metafield(t, "__pairs")
    if own then
        return own(t)
    end
    return plain_pairs(t)
end

return order
