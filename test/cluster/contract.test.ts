import { onCluster } from './on.ts';

/** A sample of the contract suite on three masters and three replicas; all of it: `HUB_CONTRACT_CLUSTER=yes ./hub test contract`. */
onCluster();
await import('../contract/exchange.test.ts');
