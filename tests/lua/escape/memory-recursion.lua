-- expect: 2: used more than the 64 MB of memory it may
local function down() return 1 + down() end
return down()
