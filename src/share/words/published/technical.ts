/**
 * Words of metric, span and scope names that tell of software in general and of nobody's product; in lower case, and
 * published in `UPPER`, `lower` and `Capitalised` writing. What people call their services by (checkout, payment, cart,
 * user, order, frontend) is not here.
 */
export const TECHNICAL = `
active add addr address addresses aggregate alive alloc allocated allocations api app async attempt attempts attributes
auto available average avg backoff batch bool boolean broker bucket buckets buffer buffers build bulk busy byte bytes
cache cached call callback calls capacity cgroup channel check client clients close closed cluster code collected
collection collections collector command commands commit committed compiled concurrency config connect connected
connection connections consume consumed consumer consumers container content context count counter cpu created current
cursor cycles daemon data database databases db deadlock decode default delay deleted depth descriptor descriptors
disk dns done down drop dropped duration egress elapsed elasticsearch element elements empty encode end endpoint
endpoints engine entries entry env errors eval event eventloop events evict evicted evictions exceeded exception
exceptions exec executor exit exited expired exporter exporters failed failure failures fastify fault faults
fetch field file files filesystem find finish first flush foreground free frequency full func function gauge gc gen
generation get gin go golang goroutine goroutines grpc handle handler handlers handles handshake hash header headers
health heap heartbeat histogram hit hits host hostname hot http https id ids idle in inactive inflight info ingress
init initialize inode inodes insert instance instances instrumentation int interface internal interval io ip java
javascript job jobs join json jvm kafka kernel key keys kind koa label labels lag last latency length level library
limit limits list listen listener live load local lock log logger logging logs loop major map max maximum mean
median mem memory message messages messaging metadata method methods metric metrics middleware millis milliseconds min
minimum minor miss misses mongodb monitor mutex mysql name namespace nanoseconds native net nest network new next
nextjs node nodejs nonheap number object objects of offset old on open opened operation operations otel out overflow
packet packets page pages parallel param params parse partition partitions path paths pause peak peer pending percent
percentage period pg php pid ping poll pool pools port ports postgres postgresql prepare prepared process processed
processes processing processor processors producer producers prometheus protocol proxy publish published push
python query queries queue queued queues quota rate ratio read reader reads ready receive received receiver recv redis
ref refused region register rejected release released remote remove removed replica replicas reply request requests
reserved reset resets resident resolve resource resources response responses restart restarts result results retransmit
retransmits retries retry roundtrip route router routes row rows rpc ruby rule rules run runnable running runtime rust
sample samples scan schedule scheduled scheduler schema scope scrape sdk second seconds select send sent server servers
service session sessions set severity shard shards shared signal size sleep slow socket sockets space span spans sql
stack start started starting startup state status stop stopped storage stream streams string sub subscribe sum
survivor swap sync sys system table tables tag tags task tasks tcp telemetry temporary test thread threads
threshold throttle throttled throughput time timeout timeouts timer times timestamp to token tokens total trace
traces tracing transaction transactions transport type udp undici up update updates uptime url usage used utc
utilization value values version virtual wait waiting waits websocket work worker workers write writer writes
zookeeper opentelemetry io.opentelemetry springframework boot tomcat netty hikaricp hibernate flask django
fastapi requests urllib urllib3 aiohttp asyncpg psycopg2 sqlalchemy rails sinatra dotnet aspnetcore
contrib otelhttp otelgrpc otelgin github.com golang.org npm instrumentations us ms ns mb kb gb mib kib gib
webmvc webflux mvc kotlin reactor jetty undertow okhttp httpclient lettuce jedis r2dbc jpa logback log4j log4j2 slf4j
micrometer actuator quarkus vertx micronaut gorm sqlx mux fiber actix axum tokio hyper reqwest tonic laravel symfony
pdo guzzle knex typeorm sequelize ioredis amqplib kafkajs bullmq bunyan hapi restify nestjs
react vue kube phase overlay x64 x86_64 ia32 arm aarch64 armv7l riscv64 ppc64le generic lowlatency amzn2 amzn2023
el7 el8 el9 fc linuxkit microsoft wsl2 gke
day days hour hours minute minutes week month year
instrumentation-express instrumentation-winston instrumentation-pino instrumentation-mongoose instrumentation-celery
spring-boot spring-web spring-webmvc spring-webflux spring-data spring-kafka spring-rabbit spring-scheduling target_info
`;
