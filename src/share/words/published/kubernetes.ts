/**
 * What Kubernetes, Cilium, Calico and the tools found in most clusters call things: kinds, groups, label keys,
 * namespaces and names that come with them. From their documentation ("Well-Known Labels, Annotations and Taints",
 * the API reference, Cilium's and Calico's policy references). White space parts the words.
 */
export const KUBERNETES = `
default kube-system kube-public kube-node-lease local-path-storage
kubernetes kube-dns coredns kube-proxy kube-apiserver kube-scheduler kube-controller-manager etcd
kube-root-ca.crt metrics-server kubelet cloud-controller-manager kubeadm cluster-admin admin edit view
cilium cilium-agent cilium-operator cilium-envoy hubble hubble-relay hubble-ui
calico calico-system calico-apiserver calico-node calico-typha calico-kube-controllers tigera-operator
kindnet aws-node kube-flannel kube-router konnectivity-agent node-local-dns
containerd docker cri-o crio runc cri-containerd kubepods kubepods.slice besteffort burstable guaranteed
system.slice user.slice init.scope kubelet.slice slice scope
svc pod cluster.local svc.cluster.local pod.cluster.local localhost local in-addr.arpa ip6.arpa arpa
docker.io quay.io ghcr.io gcr.io registry.k8s.io k8s.gcr.io mcr.microsoft.com public.ecr.aws library

Pod PodTemplate Service Endpoints EndpointSlice Node Namespace ServiceAccount ReplicaSet ReplicationController
Deployment DaemonSet StatefulSet Job CronJob NetworkPolicy Event ConfigMap Secret PersistentVolume
PersistentVolumeClaim StorageClass VolumeAttachment Ingress IngressClass HorizontalPodAutoscaler PodDisruptionBudget
LimitRange ResourceQuota PriorityClass RuntimeClass Lease Role RoleBinding ClusterRole ClusterRoleBinding
CustomResourceDefinition APIService MutatingWebhookConfiguration ValidatingWebhookConfiguration ControllerRevision
AdminNetworkPolicy BaselineAdminNetworkPolicy ClusterNetworkPolicy List Status
Gateway GatewayClass HTTPRoute GRPCRoute TCPRoute TLSRoute ReferenceGrant
CiliumNetworkPolicy CiliumClusterwideNetworkPolicy CiliumCIDRGroup CiliumEndpoint CiliumIdentity CiliumNode
CiliumEndpointSlice CiliumLocalRedirectPolicy CiliumEgressGatewayPolicy
GlobalNetworkPolicy NetworkSet GlobalNetworkSet Tier Profile HostEndpoint IPPool FelixConfiguration BGPPeer
BGPConfiguration StagedNetworkPolicy StagedGlobalNetworkPolicy StagedKubernetesNetworkPolicy WorkloadEndpoint
PodNetworkConnectivityCheck AntreaNetworkPolicy
pods services endpoints endpointslices nodes namespaces serviceaccounts replicasets deployments daemonsets
statefulsets jobs cronjobs networkpolicies events configmaps secrets ingresses

v1 api apis apps/v1 batch/v1 discovery.k8s.io/v1 networking.k8s.io/v1 policy.networking.k8s.io/v1alpha1
policy.networking.k8s.io/v1alpha2 policy.networking.k8s.io/v1beta1 cilium.io/v2 cilium.io/v2alpha1
projectcalico.org/v3 crd.projectcalico.org/v1 events.k8s.io/v1 autoscaling/v2 policy/v1 rbac.authorization.k8s.io/v1
apps batch autoscaling policy core extensions k8s.io kubernetes.io app.kubernetes.io networking.k8s.io discovery.k8s.io
policy.networking.k8s.io rbac.authorization.k8s.io apiextensions.k8s.io apiregistration.k8s.io storage.k8s.io
coordination.k8s.io events.k8s.io metrics.k8s.io node.k8s.io scheduling.k8s.io admissionregistration.k8s.io
gateway.networking.k8s.io cilium.io projectcalico.org crd.projectcalico.org openshift.io helm.sh cert-manager.io
istio.io linkerd.io monitoring.coreos.com argoproj.io fluxcd.io eks.amazonaws.com cloud.google.com
kubernetes.azure.com karpenter.sh x-k8s.io

pv pvc cilium_host cilium_net cilium_vxlan vxlan.calico kube-ipvs0 nodelocaldns
app k8s-app component tier role release heritage chart tier version name instance managed-by part-of created-by
pod-template-hash pod-template-generation controller-revision-hash controller-uid job-name batch.kubernetes.io/job-name
batch.kubernetes.io/controller-uid batch.kubernetes.io/job-completion-index statefulset.kubernetes.io/pod-name
apps.kubernetes.io/pod-index app.kubernetes.io/name app.kubernetes.io/instance app.kubernetes.io/version
app.kubernetes.io/component app.kubernetes.io/part-of app.kubernetes.io/managed-by app.kubernetes.io/created-by
helm.sh/chart meta.helm.sh/release-name meta.helm.sh/release-namespace Helm
kubernetes.io/metadata.name kubernetes.io/hostname kubernetes.io/os kubernetes.io/arch kubernetes.io/service-name
kubernetes.io/cluster-service kubernetes.io/change-cause kubernetes.io/description kubernetes.io/role
kubernetes.io/service-account.name kubernetes.io/ingress.class kubernetes.io/config.hash kubernetes.io/config.mirror
kubernetes.io/config.seen kubernetes.io/config.source kubernetes.io/psp kubernetes.io/limit-ranger
kubernetes.io/bootstrapping beta.kubernetes.io/os beta.kubernetes.io/arch beta.kubernetes.io/instance-type
topology.kubernetes.io/zone topology.kubernetes.io/region node.kubernetes.io/instance-type
node.kubernetes.io/not-ready node.kubernetes.io/unreachable node.kubernetes.io/memory-pressure
node.kubernetes.io/disk-pressure node.kubernetes.io/pid-pressure node.kubernetes.io/unschedulable
node.kubernetes.io/network-unavailable node.kubernetes.io/exclude-from-external-load-balancers
node-role.kubernetes.io node-role.kubernetes.io/control-plane node-role.kubernetes.io/master control-plane master
failure-domain.beta.kubernetes.io/zone failure-domain.beta.kubernetes.io/region
endpointslice.kubernetes.io/managed-by endpointslice-controller.k8s.io endpoints.kubernetes.io/last-change-trigger-time
endpoints.kubernetes.io/over-capacity service.kubernetes.io/headless service.kubernetes.io/service-proxy-name
service.kubernetes.io/topology-mode deployment.kubernetes.io/revision deployment.kubernetes.io/desired-replicas
deployment.kubernetes.io/max-replicas deprecated.daemonset.template.generation pod.kubernetes.io
pod-security.kubernetes.io/enforce pod-security.kubernetes.io/audit pod-security.kubernetes.io/warn
pod-security.kubernetes.io/enforce-version privileged baseline restricted
kubectl.kubernetes.io/last-applied-configuration kubectl.kubernetes.io/restartedAt
kubectl.kubernetes.io/default-container cluster-autoscaler.kubernetes.io/safe-to-evict
seccomp.security.alpha.kubernetes.io/pod scheduler.alpha.kubernetes.io/critical-pod
sidecar.istio.io/inject istio-injection istio-proxy istio-init linkerd-proxy linkerd.io/inject
security.istio.io/tlsMode service.istio.io/canonical-name service.istio.io/canonical-revision
prometheus.io/scrape prometheus.io/port prometheus.io/path prometheus.io/scheme cni.projectcalico.org/podIP
cni.projectcalico.org/podIPs cni.projectcalico.org/containerID projectcalico.org/IPv4Address
projectcalico.org/IPv4IPIPTunnelAddr projectcalico.org/metadata projectcalico.org/name projectcalico.org/namespace
projectcalico.org/orchestrator projectcalico.org/serviceaccount projectcalico.org/tier pcns pcsa
pcns.projectcalico.org/name pcns.kubernetes.io/metadata.name projectcalico-default-allow
adminnetworkpolicy baselineadminnetworkpolicy kube-admin kube-baseline
io.kubernetes.pod.namespace io.kubernetes.pod.name io.kubernetes.pod.uid io.kubernetes.container.name
io.cilium.k8s.policy.cluster io.cilium.k8s.policy.serviceaccount io.cilium.k8s.namespace.labels
io.cilium.k8s.policy.name io.cilium.k8s.policy.namespace io.cilium.k8s.policy.derived-from io.cilium.k8s.policy.uid
io.kubernetes io.cilium.k8s network.cilium.io policy.cilium.io k8s any reserved container cidr fqdn unspec
reserved:host reserved:world reserved:world-ipv4 reserved:world-ipv6 reserved:health reserved:init reserved:ingress
reserved:kube-apiserver reserved:remote-node reserved:unmanaged host world world-ipv4 world-ipv6 health init
ingress egress all cluster remote-node unmanaged global
Allow Deny Pass Log Accept allow deny pass
In NotIn Exists DoesNotExist Always Never IfNotPresent OnFailure Ingress Egress Admin Baseline
ClusterFirst ClusterFirstWithHostNet Default None Equal NoSchedule NoExecute PreferNoSchedule Normal Warning
RollingUpdate Recreate OrderedReady Parallel Local Cluster SingleStack PreferDualStack RequireDualStack
InternalIP ExternalIP Hostname InternalDNS ExternalDNS Pending Running Succeeded Failed Unknown Active Terminating
PodScheduled Initialized ContainersReady Ready Available Progressing ReplicaFailure MemoryPressure DiskPressure
PIDPressure NetworkUnavailable DisruptionTarget PodReadyToStartContainers BestEffort Burstable Guaranteed
BackOff Pulled Pulling Created Started Killing Scheduled FailedScheduling Unhealthy FailedMount FailedCreate
SuccessfulCreate SuccessfulDelete ScalingReplicaSet NodeNotReady NodeReady Evicted OOMKilling SystemOOM
OOMKilled Completed Error CrashLoopBackOff ImagePullBackOff ErrImagePull ContainerCreating PodInitializing
Synced ADDED MODIFIED DELETED BOOKMARK Kubernetes
default-scheduler deployment-controller replicaset-controller statefulset-controller daemonset-controller
job-controller cronjob-controller node-controller endpoint-controller endpoint-slice-controller kubectl helm
linux windows amd64 arm64 true false
`;
