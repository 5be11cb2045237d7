/** What clients, browsers and probes call themselves in `User-Agent` (RFC 9110): names of products, and what they say beside. */
export const USER_AGENTS = `
curl libcurl wget Wget Mozilla AppleWebKit Chrome Chromium HeadlessChrome Safari Mobile Gecko KHTML Firefox Edge Edg OPR
Opera Trident MSIE CriOS FxiOS EdgiOS SamsungBrowser Macintosh Intel Mac OS X X11 Windows NT Win64 WOW64 Linux
Android iPhone iPad iOS Darwin CFNetwork compatible Ubuntu Debian Fedora
Go-http-client grpc-go grpc-java grpc-java-netty grpc-java-okhttp grpc-node grpc-node-js grpc-js grpc-python
grpc-python-asyncio grpc-c grpc-c++ grpc-csharp grpc-dotnet grpc-ruby grpc-php grpc-web-javascript grpcurl tonic connect-go
chttp2 osx connect-es connect-kotlin
python-requests python-httpx python-urllib3 Python-urllib Python CPython aiohttp okhttp Apache-HttpClient
Apache-CXF Jakarta Commons-HttpClient Java Java-http-client Jersey ReactorNetty Ktor ktor-client AsyncHttpClient
axios node-fetch undici node superagent node-superagent Deno Bun Dart Ruby Faraday rest-client Guzzle GuzzleHttp PHP
reqwest hyper ureq RestSharp PostmanRuntime Postman HTTPie ApacheBench wrk k6 Locust Gatling JMeter vegeta fortio
kube-probe kubectl kubelet kube-controller-manager kube-scheduler containerd Prometheus Grafana Alertmanager
ELB-HealthChecker GoogleHC GoogleStackdriverMonitoring-UptimeChecks Envoy HC nginx Traefik Datadog OTel-OTLP-Exporter-Go
OTel-OTLP-Exporter-Python OTel-OTLP-Exporter-JavaScript OTel-OTLP-Exporter-Java aws-sdk-go aws-sdk-go-v2 aws-sdk-java aws-sdk-js
aws-sdk-nodejs aws-cli Boto3 Botocore azsdk-go google-api-go-client Googlebot bingbot Slackbot Docker-Client helm Terraform argo-cd
`;
