#!/bin/sh
# Redis for sessions, run by its image: what is answered is on the disk, nothing is thrown away, and its one user may do what the
# program does and nothing else (docs/operations.md). The password is in the environment and no file.
set -eu
exec redis-server - <<CONF
dir /data
appendonly yes
appendfsync always
save ""
maxmemory 512mb
maxmemory-policy noeviction
user default off
user sallyport on >$REDIS_PASSWORD resetkeys ~{sallyport:* resetchannels &{sallyport:* -@all +eval +evalsha +info +wait +select +ssubscribe +spublish +time +cluster|slots +get +mget +set +del +exists +pexpire +pttl +hget +hmget +hgetall +hvals +hset +hsetnx +hdel +xadd +xrange +xtrim +zadd +zrem +zrange +zcount
CONF
