-- A machine reports that it runs a job, with new output. ARGV: name, id, machine, fence, process, time of its start, offset of
-- the bytes in the output of this run, bytes, and the data of the job, for a Redis that lost its data: identifier of the data
-- in which it was claimed, queue, program, retention, most bytes of output; then the number of further bytes that are not
-- sent, because there is no room for them.
-- Answers the owner of the run, and, if that is 'mine', the offset of the next byte, and the room for more.
local name, id, agent, fence = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local j = key('job', name)
local whose = owner(name, id, agent, fence)
if whose == 'gone' and redis.call('EXISTS', j) == 0 and ARGV[9] ~= redis.call('GET', key('fleet')) then
  redis.call('SET', key('fleet'), id, 'NX')
  local seq = redis.call('INCR', key('seq'))
  redis.call('HSET', j, 'v', '1', 'id', id, 'seq', seq, 'st', 'running', 'fence', fence, 'agent', agent, 'created', ARGV[6],
    'q', ARGV[10], 'pri', '1', 'prog', ARGV[11], 'keep', ARGV[12], 'mout', ARGV[13], 'runs', '1', 'retr', '0',
    'why', 'Its record was lost by Redis, and was made anew from what its machine knew.')
  redis.call('HSET', key('runs', agent), name, fence)
  move(name, seq, false, 'running')
  whose = 'mine'
end
if whose ~= 'mine' then return { whose, '0', '0' } end
local h = redis.call('HMGET', j, 'st', 'seq', 'out', 'out0', 'outk', 'mout', 'row')
if h[1] == 'starting' and ARGV[5] ~= '' then
  redis.call('HSET', j, 'st', 'running')
  move(name, h[2], 'starting', 'running')
  settle(name, h[7])
end
if ARGV[5] ~= '' then
  redis.call('HSET', j, 'pid', ARGV[5])
  note_start(name, ARGV[6])
end
local all, first, kept = tonumber(h[3] or '0'), tonumber(h[4] or '0'), tonumber(h[5] or '0')
local wanted = all - first
local bytes, skipped = ARGV[8], tonumber(ARGV[14])
local room = math.max(0, tonumber(h[6] or '0') - kept)
if (bytes ~= '' or skipped > 0) and tonumber(ARGV[7]) == wanted then
  local fits = string.sub(bytes, 1, room)
  if #fits > 0 then redis.call('APPEND', key('out', name), fits) end
  redis.call('HSET', j, 'out', text(all + #bytes + skipped), 'outk', text(kept + #fits))
  wanted = wanted + #bytes + skipped
  room = room - #fits
  tell(name, 'output')
end
return { 'mine', text(wanted), text(room) }
