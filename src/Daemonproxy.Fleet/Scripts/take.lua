-- Gives a machine jobs that wait, as many as it has places. ARGV: machine, instance, places, number of streams, streams in
-- the order in which they are looked at, then pairs of stream and entry that it has read already.
-- Answers 'who' if the instance does not speak for the machine; else a list of jobs, each a list of fields and values.
local agent, want, streams = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
if not is_agent(agent, ARGV[2]) then return 'who' end
local taken = {}

local function claim(stream, entry, name)
  local h = redis.call('HMGET', key('job', name), 'st', 'e', 'fence', 'seq')
  redis.call('XACK', stream, GROUP, entry)
  redis.call('XDEL', stream, entry)
  if h[1] ~= 'queued' or h[2] ~= entry then return end
  if #taken >= want then
    push(name)
    return
  end
  local j = key('job', name)
  local fence = text(math.max(tonumber(h[3]) + 1, now))
  redis.call('HSET', j, 'st', 'starting', 'fence', fence, 'agent', agent, 'begun', text(now))
  redis.call('HDEL', j, 'e', 'sk', 'pid', 'code', 'sig', 'fstep', 'ferr', 'fsub', 'why', 'started', 'ended')
  redis.call('HINCRBY', j, 'runs', 1)
  redis.call('HSET', j, 'out0', redis.call('HGET', j, 'out') or '0')
  redis.call('HSET', key('runs', agent), name, fence)
  move(name, h[4], 'queued', 'starting')
  local fields = redis.call('HMGET', j, 'id', 'q', 'prog', 'limit', 'spec', 'has_in')
  taken[#taken + 1] = { name, fields[1], fence, fields[2], fields[3], fields[4] or '', fields[5] or '', fields[6] or '' }
end

for i = 5 + streams, #ARGV, 2 do
  local found = redis.call('XRANGE', ARGV[i], ARGV[i + 1], ARGV[i + 1])
  if found[1] then claim(ARGV[i], ARGV[i + 1], found[1][2][2]) end
end
for i = 5, 4 + streams do
  local stream = ARGV[i]
  local read = { 'GROUP', GROUP, agent, 'COUNT', 0, 'STREAMS', stream, '>' }
  if #taken < want then
    read[5] = want - #taken
    local found = redis.pcall('XREADGROUP', unpack(read))
    if found and found.err then
      redis.pcall('XGROUP', 'CREATE', stream, GROUP, '0', 'MKSTREAM')
      found = redis.call('XREADGROUP', unpack(read))
    end
    for _, entry in ipairs(found and found[1][2] or {}) do claim(stream, entry[1], entry[2][2]) end
  end
end
return taken
