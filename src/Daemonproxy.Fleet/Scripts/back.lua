-- A machine gives a run back that it did not start, or that its daemon has lost. ARGV: name, id, machine, fence, 'back' or
-- 'lost', reason, delay until it is given out again: each further 'back' doubles it.
if ARGV[2] == '' then ARGV[2] = redis.call('HGET', key('job', ARGV[1]), 'id') or '' end
local whose = owner(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
if whose == 'mine' then give_back(ARGV[1], ARGV[3], ARGV[5], ARGV[6], tonumber(ARGV[7])) end
return whose
