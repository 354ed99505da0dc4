/**
 * A sample of the contract suite on a cluster, API and engine apart, each answer on a replica. The whole of it:
 * `HUB_CONTRACT_CLUSTER=split HUB_DURABILITY=replicated ./hub test contract`.
 */
process.env['HUB_CONTRACT_CLUSTER'] = 'split';
process.env['HUB_DURABILITY'] = 'replicated';
await import('../contract/exchange.test.ts');
