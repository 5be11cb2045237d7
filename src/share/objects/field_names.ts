/** Names of fields of the Kubernetes API, as its models have them. */
const OF_KUBERNETES = `
  $ref $schema Port acceptedNames accessModes acquireTime action active activeDeadlineSeconds add
  additionalItems additionalPrinterColumns additionalProperties address addressType addresses adminAccess
  admissionReviewVersions affinity aggregationRule allNodes allOf allocatable allocateLoadBalancerNodePorts
  allocatedResourceStatuses allocatedResources allocatedResourcesStatus allocation allocationMode
  allocationTimestamp allowMultipleAllocations allowPrivilegeEscalation allowVolumeExpansion allowed
  allowedTopologies annotations anyOf apiGroup apiGroups apiServerID apiVersion apiVersions appArmorProfile
  appProtocol applyConfiguration architecture args assigned attachError attachRequired attached attacher
  attachmentMetadata attributes audience audiences auditAnnotations authenticated
  automountServiceAccountToken availableReplicas averageUtilization averageValue awsElasticBlockStore
  azureDisk azureFile backend backoffLimit backoffLimitPerIndex basic beginRefreshAt behavior binaryData
  binaryVersion bindingConditions bindingFailureConditions bindsToNode blockOwnerDeletion bool bootID
  borrowingLimitPercent boundObjectRef buildDate caBundle cachingMode capabilities capacity categories
  causes cel cephfs certificate certificateChain certificateChainPath chapAuthDiscovery chapAuthSession
  cidr cidrs cinder claimName claimRef claims clientCIDR clientConfig clientIP clusterIP clusterIPs
  clusterRoleSelectors clusterScope clusterTrustBundle code collisionCount command commonEncodingVersion
  compiler completedIndexes completionMode completionTime completions component concurrencyPolicy
  conditionType conditions config configMap configMapKeyRef configMapRef configSource constraints
  consumedCapacity consumesCounters container containerID containerName containerPort containerResource
  containerRuntimeVersion containerStatuses containers continue continueToken controller
  controllerExpandSecretRef controllerPublishSecretRef conversion conversionReviewVersions count counterSet
  counters creationTimestamp credentialBundlePath csi current currentCPUUtilizationPercentage
  currentHealthy currentMetrics currentNumberScheduled currentReplicas currentRevision
  currentVolumeAttributesClassName daemonEndpoints data dataSource dataSourceRef datasetName datasetUUID
  decodableVersions default defaultBackend defaultMode defaultRequest definitions deleteOptions
  deletionGracePeriodSeconds deletionTimestamp denied dependencies deprecated deprecatedCount
  deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedSource deprecatedTopology deprecationWarning
  describedObject description desiredHealthy desiredNumberScheduled desiredReplicas detachError details
  device deviceClassName devicePath deviceSelector devices directory diskName diskURI disruptedPods
  disruptionsAllowed distinctAttribute distinguisherMethod divisor dnsConfig dnsPolicy downwardAPI driver
  driverName drivers drop dryRun effect egress emptyDir emulationMajor emulationMinor emulationVersion
  enableServiceLinks encodingVersion endPort endpoints endpointsNamespace enum env envFrom ephemeral
  ephemeralContainerStatuses ephemeralContainers error errorCode evaluationError eventTime exactly example
  except excludeResourceRules exclusiveMaximum exclusiveMinimum exec exempt exitCode exitCodes expectedPods
  expirationSeconds expirationTimestamp expression expressionWarnings extendedResourceClaimStatus
  extendedResourceName external externalDocs externalID externalIPs externalName externalTrafficPolicy
  extra failed failedIndexes failedJobsHistoryLimit failurePolicy failureThreshold fc features field
  fieldPath fieldRef fieldSelector fieldsType fieldsV1 fileKeyRef finalizers finishedAt firstAvailable
  firstTimestamp flexVolume flocker forNodes forZones format from fsGroup fsGroupChangePolicy fsGroupPolicy
  fsType fullyLabeledReplicas gateway gcePersistentDisk generateName generation gid gitCommit gitRepo
  gitTreeState gitVersion globalDefault glusterfs gmsaCredentialSpec gmsaCredentialSpecName goVersion
  gracePeriodSeconds group groupPriorityMinimum groupVersion groups grpc handSize handler hard
  hardwareAddress health healthCheckNodePort hints holderIdentity host hostAliases hostIP hostIPC hostIPs
  hostNetwork hostPID hostPath hostPort hostProcess hostUsers hostname hostnameOverride hostnames hosts
  http httpGet httpHeaders id ignoreStoreReadErrorWithClusterBreakingPotential image imageID
  imagePullPolicy imagePullSecrets images immutable incomplete ingress ingressClassName
  initContainerStatuses initContainers initialDelaySeconds initiatorName inlineVolumeSpec
  insecureSkipTLSVerify int interfaceName internalTrafficPolicy involvedObject ip ipBlock ipFamilies
  ipFamilyPolicy ipMode ips iqn iscsi iscsiInterface items jobTemplate jsonPatch jsonPath kernelVersion key
  keyPath keyType keyring kind kubeProxyVersion kubeletConfigKey kubeletEndpoint kubeletVersion
  labelSelector labelSelectorPath labels lastHeartbeatTime lastKnownGood lastObservedTime
  lastPhaseTransitionTime lastProbeTime lastScaleTime lastScheduleTime lastState lastSuccessfulTime
  lastTimestamp lastTransitionTime lastUpdateTime leaseDurationSeconds leaseName leaseTransitions
  lendablePercent level lifecycle limitResponse limited limits linux listKind livenessProbe loadBalancer
  loadBalancerClass loadBalancerIP loadBalancerSourceRanges local localhostProfile lun machineID major
  managedBy managedFields manager manualSelector matchAttribute matchConditions matchConstraints
  matchExpressions matchFields matchLabelExpressions matchLabelKeys matchLabels matchPolicy matchResources
  matchingPrecedence max maxExpirationSeconds maxFailedIndexes maxItems maxLength maxLimitRequestRatio
  maxProperties maxReplicas maxSkew maxSurge maxUnavailable maximum maximumVolumeSize medium message
  messageExpression metadata metric metrics min minAvailable minCompatibilityMajor minCompatibilityMinor
  minDomains minItems minLength minProperties minReadySeconds minReplicas minimum minor mismatchLabelKeys
  mode modifyVolumeStatus monitors mountOptions mountPath mountPropagation multipleOf mutations name names
  nameservers namespace namespaceSelector namespaced namespaces networkData nfs nodeAffinity
  nodeAffinityPolicy nodeAllocatableUpdatePeriodSeconds nodeExpandSecretRef nodeID nodeInfo nodeName
  nodePort nodePublishSecretRef nodeSelector nodeSelectorTerms nodeStageSecretRef nodeTaintsPolicy
  nodeTopology nodeUID nominalConcurrencyShares nominatedNodeName nonResourceAttributes nonResourceRules
  nonResourceURLs not notAfter notBefore notReadyAddresses note nullable number numberAvailable
  numberMisscheduled numberReady numberUnavailable object objectSelector observedGeneration onExitCodes
  onPodConditions oneOf opaque openAPIV3Schema operatingSystem operation operations operator optional
  optionalOldSelf options ordinals orphanDependents os osImage overhead ownerReferences parallelism
  paramKind paramRef parameterNotFoundAction parameters parentRef partition patchType path pathType paths
  pattern patternProperties paused pdID pdName perDeviceNodeSelection periodSeconds persistentVolumeClaim
  persistentVolumeClaimRetentionPolicy persistentVolumeName persistentVolumeReclaimPolicy phase
  photonPersistentDisk pingTime pkixPublicKey platform plural podAffinity podAffinityTerm podAntiAffinity
  podCIDR podCIDRs podCertificate podFailurePolicy podFixed podIP podIPs podInfoOnMount podManagementPolicy
  podName podReplacementPolicy podSelector podUID pods policies policyName policyTypes pool port portals
  ports portworxVolume postStart preStop preconditions preemptionPolicy preference
  preferredDuringSchedulingIgnoredDuringExecution preferredHolder preferredVersion prefix
  preserveUnknownFields priority priorityClassName priorityLevelConfiguration privileged procMount
  progressDeadlineSeconds projected proofOfPossession propagationPolicy properties protectionDomain
  protocol providerID provisioner publishNotReadyAddresses pullPolicy qosClass queueLengthLimit queues
  queuing quobyte rawSelector rbd readOnly readOnlyRootFilesystem readinessGates readinessProbe ready
  readyReplicas reason reclaimPolicy recursiveReadOnly recursiveReadOnlyMounts reference regarding registry
  reinvocationPolicy related remainingItemCount renewTime replicas reportingComponent reportingController
  reportingInstance repository request requestMappings requestName requestPolicy requests required
  requiredDuringSchedulingIgnoredDuringExecution requirements requiresRepublish reservedFor resize
  resizePolicy resource resourceAttributes resourceClaimName resourceClaimStatuses
  resourceClaimTemplateName resourceClaims resourceFieldRef resourceID resourceName resourceNames
  resourceRules resourceSliceCount resourceVersion resources restartCount restartPolicy restartPolicyRules
  results retryAfterSeconds revision revisionHistoryLimit role roleRef rollingUpdate rule rules runAsGroup
  runAsNonRoot runAsUser runAsUserName running runtimeClassName runtimeHandlers scale scaleDown scaleIO
  scaleTargetRef scaleUp schedule schedulerName scheduling schedulingGates schema scheme scope scopeName
  scopeSelector scopes seLinuxChangePolicy seLinuxMount seLinuxOptions searches seccompProfile seconds
  secret secretFile secretKeyRef secretName secretNamespace secretRef secrets securityContext selectPolicy
  selectableFields selector selectors selfLink series served servedVersions server serverAddress
  serverAddressByClientCIDRs service serviceAccount serviceAccountName serviceAccountToken
  serviceAccountUID serviceName serving sessionAffinity sessionAffinityConfig setHostnameAsFQDN shareID
  shareName shareProcessNamespace sharedCounters shortNames sideEffects signal signerName singular
  singularName sizeBytes sizeLimit sleep source sources spec specReplicasPath sslEnabled
  stabilizationWindowSeconds start startTime started startedAt startingDeadlineSeconds startupProbe state
  status statusReplicasPath stdin stdinOnce step stopSignal storage storageCapacity storageClassName
  storageMode storagePolicyID storagePolicyName storagePool storageVersionHash storageVersions storageos
  storedVersions strategy string stringData subPath subPathExpr subdomain subjects subresource subresources
  subsets succeeded succeededCount succeededIndexes successPolicy successThreshold
  successfulJobsHistoryLimit supplementalGroups supplementalGroupsPolicy suspend swap sysctls system
  systemUUID taint taints target targetCPUUtilizationPercentage targetContainerName targetPort targetPortal
  targetRef targetVolumeAttributesClassName targetWWNs tcpSocket template tenant terminated terminating
  terminatingReplicas terminationGracePeriodSeconds terminationMessagePath terminationMessagePolicy time
  timeAdded timeZone timeoutSeconds title tls to token tokenRequests tolerance tolerationSeconds
  tolerations topologyKey topologyKeys topologySpreadConstraints trafficDistribution trustBundle
  ttlSecondsAfterFinished tty type typeChecking uid unavailableReplicas uncountedTerminatedPods
  unhealthyPodEvictionPolicy uniqueItems unschedulable updateRevision updateStrategy updatedNumberScheduled
  updatedReplicas url usages used user userInfo userNamespaces username validRange validValues
  validationActions validations value valueExpression valueFrom values variables verb verbs version
  versionPriority versions volume volumeAttributes volumeAttributesClassName volumeBindingMode
  volumeClaimTemplate volumeClaimTemplates volumeDevices volumeHandle volumeID volumeLifecycleModes
  volumeMode volumeMounts volumeName volumeNamespace volumePath volumes volumesAttached volumesInUse
  vsphereVolume waiting warning webhook webhooks weight whenDeleted whenScaled whenUnsatisfiable
  windowsOptions workingDir wwids x-kubernetes-embedded-resource x-kubernetes-int-or-string
  x-kubernetes-list-map-keys x-kubernetes-list-type x-kubernetes-map-type
  x-kubernetes-preserve-unknown-fields x-kubernetes-validations zone
`;

/** Names of further fields that policies of Cilium, of Calico and of the network policy API have. */
const OF_POLICIES = `
  accept addressing allowedUses apiKey applyOnForward authentication aws bgp blockSize cidrGroupRef
  cidrGroupSelector clientID defaultAction derivativePolicies destination destinationNamedPort
  destinationPort disabled dns doNotTrack domainNames domains egressDeny enableDefaultDeny encryption end
  endpointSelector envoyConfig exact expectedIPs external-identifiers externalCIDRs family fields fromCIDR
  fromCIDRSet fromEndpoints fromEntities fromGroups fromNodes fromRequires headerMatches headers icmp icmps
  identity ingressDeny ipVersion ipipMode ipv4 ipv6 k8sService k8sServiceSelector kafka l7 l7proto
  labelsToApply listener listeners log matchName matchPattern method methods mismatch named-ports namedPort
  natOutgoing nets networking networks node nodes notICMP notNets notPorts notProtocol notSelector orchRefs
  order originatingTLS performanceHints policy portNumber portRange preDNAT profiles protocols range region
  sctp securityGroupsIds securityGroupsNames serverNames serviceAccountSelector serviceAccounts services
  specs stagedAction subject tcp terminatingTLS tier toCIDR toCIDRSet toEndpoints toEntities toFQDNs
  toGroups toNodes toPorts toRequires toServices topic trustedCA types udp vxlanMode wireguard
`;

/** Keys that are part of an API and tell nothing of whose object it is. */
export const FIELD_NAMES: ReadonlySet<string> = new Set(`${OF_KUBERNETES}${OF_POLICIES}`.trim().split(/\s+/));
