/** Words of SQL and of the command languages of other databases; compared without regard to case. */
export const STATEMENT_WORDS = `
abort abs action add after aggregate all alter always analyze and any array as asc asof at authorization avg before
begin between bigint binary bit blob boolean both by bytea call cascade case cast char character check coalesce collate
collation column columns commit concat concurrently conflict connection constraint copy count create cross cube current
current_date current_schema current_time current_timestamp current_user cursor cycle data database date datetime day
deallocate dec decimal declare default deferrable deferred delete desc describe distinct do double drop duplicate each
else elsif end engine enum escape except exclude excluded exclusive execute exists explain extract false fetch filter
first float following for force foreign format from full function generated global glob grant greatest group grouping
having hour identity if ignore ilike immediate in index inner inout insert int integer intersect interval into is
isolation join json jsonb key language last lateral least leading left length level like limit local localtime lock
locked logged lower lpad ltrim match materialized max merge min minute mod mode month name names natural new next no
not nothing now nowait null nullif nulls number numeric of off offset old on only option or order ordinality out outer
over overlaps overlay owner partition plan position preceding precision prepare primary privileges procedure public
range read real recursive references refresh regexp release rename repeatable replace reset restrict returning returns
revoke right role rollback rollup round row row_number rows rtrim savepoint schema second select separator sequence
serial serializable session set sets share show similar skip smallint some start statement stored strict string_agg
substring sum sysdate system table tables tablesample temp temporary text then ties time timestamp timestamptz tinyint
to trailing transaction trigger trim true truncate type unbounded uncommitted union unique unknown unlogged unnest
unsigned until update upper use user using utc_timestamp uuid vacuum validate value values varbinary varchar varying
view virtual when where while window with within without work write year zone array_agg json_agg jsonb_build_object
json_build_object date_trunc date_part to_char to_date generate_series dense_rank rank lag lead first_value last_value
ifnull group_concat unix_timestamp from_unixtime date_add date_sub sql_calc_found_rows straight_join auto_increment
information_schema pg_catalog pg_class pg_stat_activity pg_sleep pg_advisory_lock
get mget getset setex setnx mset incr incrby decr decrby append strlen hget hset hmget hmset hgetall hdel hincrby
hexists hkeys hvals hlen lpush rpush lpop rpop llen lrange lindex sadd srem smembers sismember scard zadd zrem zrange
zrevrange zrangebyscore zscore zcard zincrby expire pexpire ttl pttl persist exists del unlink scan hscan sscan zscan
keys type ping echo auth info multi exec discard watch unwatch publish subscribe psubscribe eval evalsha script flushdb
flushall dbsize ex px nx xx withscores blpop brpop xadd xread xreadgroup xack xgroup cluster client config
find findone insertone insertmany updateone updatemany deleteone deletemany findandmodify getmore projection sort
pipeline lookup unwind project upsert allowfiltering keyspace consistency quorum ttl tokens
`;
