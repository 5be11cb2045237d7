import type { Fields } from './json_tree.js';

/** What the strings of a field are, where their look does not tell. */
export type FieldRule =
  | 'labels'
  | 'selector'
  | 'annotations'
  | 'labelKey'
  | 'labelValue'
  | 'portName'
  | 'resources'
  | 'fieldPath'
  | 'enumerated'
  | 'kept'
  | 'text';

/** By name of the field, or by `parent.field`, which goes before it; items of a list stand under the list's name. */
const RULES: Readonly<Record<FieldRule, string>> = {
  labels: 'labels matchLabels deprecatedTopology',
  // A map of labels, a LabelSelector, or in Calico's objects an expression.
  selector: `
    selector nodeSelector labelsToApply notSelector namespaceSelector podSelector serviceAccountSelector
    endpointSelector
  `,
  annotations: 'annotations',
  labelKey: `
    matchExpressions.key tolerations.key taints.key labels.key topologyKey topologyKeys matchLabelKeys
    mismatchLabelKeys
  `,
  labelValue: 'matchExpressions.values matchFields.values tolerations.value taints.value labels.value',
  portName: `
    ports ports.name ports.port port targetPort port.name notPorts namedPort destinationNamedPort
  `,
  resources: `
    requests resources.limits capacity allocatable allocatedResources hard used overhead sizeLimit
    divisor maxSurge maxUnavailable
  `,
  fieldPath: 'fieldPath',
  enumerated: `
    type types policyTypes action stagedAction protocol notProtocol operator effect phase status reason
    family tier fromEntities toEntities mode method methods defaultAction addressType conditionType
    clusterIP clusterIPs
  `,
  kept: 'kind apiVersion resourceVersion apiGroup apiGroups',
  text: 'message note description',
};

/** By name of the field, then by that of the parent, which is empty for a rule that goes for all. */
const BY_FIELD = new Map<string, Map<string, FieldRule>>();
for (const [rule, places] of Object.entries(RULES)) {
  for (const place of places.trim().split(/\s+/)) {
    const [field = '', parent = ''] = place.split('.').reverse();
    BY_FIELD.set(field, (BY_FIELD.get(field) ?? new Map()).set(parent, rule as FieldRule));
  }
}

export function ruleOf(parent: string, field: string): FieldRule | undefined {
  const byParent = BY_FIELD.get(field);
  return byParent && (byParent.get(parent) ?? byParent.get(''));
}

/** Whether a map under such a rule has labels in it, rather than being a selector with requirements. */
export function areLabels({ entries }: Fields, rule: FieldRule | undefined): boolean {
  if (rule === 'labels') return true;
  const isSelector = entries.some(([key]) =>
    /^(?:matchLabels|matchExpressions|nodeSelectorTerms)$/.test(key),
  );
  return rule === 'selector' && !isSelector;
}

/** Beyond published words: values of enumerated fields, and reasons that the parts of Kubernetes give. None tells of an owner. */
export const ENUMERATED: ReadonlySet<string> = new Set(
  `
  Learn Ignore Any udplite Gt Lt required test-always-fail EchoReply EchoRequest DestinationUnreachable
  Redirect TimeExceeded ParameterProblem PacketTooBig True False OnDelete DirectoryOrCreate Directory
  FileOrCreate CharDevice BlockDevice RuntimeDefault Localhost Unconfined AverageValue Pods External
  PodReady Complete Suspended FailureTarget SuccessCriteriaMet NewReplicaSetAvailable
  NewReplicaSetCreated NewReplicaSetReason ReplicaSetUpdated ReplicaSetCreateError FoundNewReplicaSet
  MinimumReplicasAvailable MinimumReplicasUnavailable ProgressDeadlineExceeded DeploymentPaused
  DeploymentResumed KubeletReady KubeletNotReady KubeletHasSufficientMemory KubeletHasInsufficientMemory
  KubeletHasNoDiskPressure KubeletHasDiskPressure KubeletHasSufficientPID KubeletHasInsufficientPID
  NodeStatusUnknown NodeStatusNeverUpdated RouteCreated FlannelIsUp CalicoIsUp CiliumIsUp
  ContainersNotReady ContainersNotInitialized PodCompleted PodFailed Unschedulable SchedulerError
  SchedulingGated BackoffLimitExceeded DeadlineExceeded PodFailurePolicy TerminationByKubelet
  PreemptionByScheduler PreemptionByKubeScheduler DeletionByTaintManager EvictionByEvictionAPI
  DeletionByPodGC ContainerStatusUnknown StartError ErrImageNeverPull InvalidImageName
  RegistryUnavailable ImageInspectError CreateContainerError RunContainerError PostStartHookError
  PreStopHookError Preempted Preempting ExceededGracePeriod FailedToPullImage FailedCreatePodSandBox
  FailedPodSandBoxStatus SandboxChanged FailedKillPod FailedCreatePodContainer FailedPostStartHook
  FailedPreStopHook ProbeWarning ProbeError Evicting NodeNotSchedulable NodeSchedulable Rebooted
  NodeAllocatableEnforced InvalidDiskCapacity FreeDiskSpaceFailed ImageGCFailed ContainerGCFailed
  EvictionThresholdMet TaskHung KernelDeadlock FilesystemIsReadOnly ReadonlyFilesystem CorruptDockerImage
  ContainerdStart KubeletStart RegisteredNode RemovingNode DeletingNode TaintManagerEviction
  DNSConfigForming NetworkNotReady HostPortConflict NodeShutdown GracefulNodeShutdown Terminated
  FailedDelete SuccessfulUpdate FailedUpdate SuccessfulRescale FailedRescale FailedGetResourceMetric
  FailedGetScale FailedComputeMetricsReplicas DesiredReplicasComputed SawCompletedJob UnexpectedJob
  MissingJob JobAlreadyActive MissSchedule TooManyMissedTimes ForbidConcurrent FailedAttachVolume
  SuccessfulAttachVolume FailedMapVolume FailedUnMount VolumeResizeFailed FileSystemResizeFailed
  WaitForFirstConsumer ExternalProvisioning Provisioning ProvisioningSucceeded ProvisioningFailed
  FailedBinding EnsuringLoadBalancer EnsuredLoadBalancer SyncLoadBalancerFailed UpdatedLoadBalancer
  DeletingLoadBalancer DeletedLoadBalancer FailedToUpdateEndpoint FailedToCreateEndpoint
  FailedToUpdateEndpointSlices LeaderElection NoPods SufficientPods InsufficientPods SyncFailed
  NodeHasSufficientMemory NodeHasNoDiskPressure NodeHasSufficientPID NodeHasDiskPressure
  NodeHasInsufficientMemory
  `
    .trim()
    .split(/\s+/),
);
