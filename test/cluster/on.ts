/** The contract suite's hub runs on a cluster from now on, in this process. */
export function onCluster(): void {
  process.env['HUB_CONTRACT_CLUSTER'] = 'yes';
}
