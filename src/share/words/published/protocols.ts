/** Methods, header names, versions and states of protocols, as their registries at IANA and their RFCs list them. */
export const PROTOCOLS = `
GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT
SEARCH PURGE http https ws wss grpc grpcs tcp udp sctp icmp icmpv6 tls ssl quic dns mqtt amqp amqps kafka redis rediss
postgres postgresql mysql mongodb mongodb+srv ftp sftp ssh smtp smtps imap ldap ldaps file unix jdbc TCP UDP SCTP ICMP
ICMPv6 HTTP HTTPS TLS IPv4 IPv6 HTTP/1.0 HTTP/1.1 HTTP/2 HTTP/3 1.0 1.1
accept accept-encoding accept-language accept-charset age allow authorization cache-control connection
content-disposition content-encoding content-language content-length content-location content-range content-type cookie
date etag expect expires forwarded from host if-match if-modified-since if-none-match if-range if-unmodified-since
keep-alive last-modified link location max-forwards origin pragma proxy-authenticate proxy-authorization range referer
retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user server server-timing set-cookie
strict-transport-security te trailer transfer-encoding upgrade user-agent vary via www-authenticate
x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-proto x-real-ip x-request-id x-correlation-id
x-b3-traceid x-b3-spanid x-b3-parentspanid x-b3-sampled x-b3-flags b3 traceparent tracestate baggage x-api-key
x-frame-options x-content-type-options x-powered-by grpc-status grpc-message grpc-timeout grpc-encoding
x-envoy-upstream-service-time x-envoy-attempt-count x-envoy-expected-rq-timeout-ms
application/json application/grpc application/grpc+proto application/x-protobuf application/octet-stream
application/x-www-form-urlencoded application/xml application/javascript multipart/form-data text/plain text/html
text/css text/csv text/event-stream image/png image/jpeg image/svg+xml image/webp gzip br deflate zstd identity
utf-8 UTF-8 charset=utf-8 no-cache no-store max-age chunked close Bearer Basic Digest
A AAAA CNAME MX NS PTR SOA SRV TXT NOERROR NXDOMAIN SERVFAIL REFUSED FORMERR
SYN ACK FIN RST PSH URG SYN|ACK FIN|ACK ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT
LAST_ACK LISTEN CLOSING
OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED
FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED
grpc.health.v1.Health grpc.health.v1 Check Watch grpc.reflection.v1.ServerReflection healthz readyz livez metrics
robots.txt favicon.ico index.html index.htm .well-known html htm php asp aspx jsp json xml yaml yml css js mjs ts map
png jpg jpeg gif svg webp ico txt csv pdf zip gz tar woff woff2 ttf wasm proto
com org net io dev gov edu int mil info biz cloud
de uk fr es it nl ch at be se no dk fi pl cz eu us ca mx br ar au nz jp kr cn tw hk sg in ie pt ru za
co.uk com.au co.jp com.br co.in co.za co.nz com.cn com.mx com.tr com.sg co.kr
ec2.internal compute.internal compute.amazonaws.com amazonaws.com elb.amazonaws.com internal c.internal
googleapis.com windows.net azure.com cloudapp.azure.com
sha1 sha256 sha384 sha512 md5 hmac aes rsa ecdsa ed25519 opentelemetry.io schemas
var lib lib64 etc usr bin sbin tmp proc sys opt dev mnt srv root home run log logs node_modules site-packages src
ECONNREFUSED ECONNRESET ECONNABORTED ETIMEDOUT ENOTFOUND EPIPE EHOSTUNREACH ENETUNREACH EADDRINUSE EACCES ENOENT
EAGAIN EAI_AGAIN ENOMEM EMFILE ENOSPC EPERM EINVAL UND_ERR_CONNECT_TIMEOUT
TRACE DEBUG INFO NOTICE WARN WARNING ERROR CRITICAL ALERT FATAL EMERGENCY PANIC TRACE2 TRACE3 TRACE4 DEBUG2 DEBUG3
DEBUG4 INFO2 INFO3 INFO4 WARN2 WARN3 WARN4 ERROR2 ERROR3 ERROR4 FATAL2 FATAL3 FATAL4
trace debug info notice warn warning error critical alert fatal panic Trace Debug Info Information Warn Warning Error
Critical Fatal Severe SEVERE CONFIG FINE FINER FINEST log
Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError AbortError TimeoutError
AssertionError Exception RuntimeException NullPointerException IllegalArgumentException IllegalStateException
IOException SocketException SocketTimeoutException ConnectException UnknownHostException TimeoutException
SQLException OutOfMemoryError StackOverflowError ClassCastException ClassNotFoundException InterruptedException
ValueError KeyError IndexError AttributeError ConnectionError ConnectionRefusedError ConnectionResetError
BrokenPipeError OSError FileNotFoundError PermissionError StopIteration ZeroDivisionError NotImplementedError
java.lang java.io java.net java.util java.sql java.util.concurrent javax java System System.Net System.IO
`;
