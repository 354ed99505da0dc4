/** An engine of the toy behaviour in a process of its own, to be killed: `child.ts URL MEMBER`. Each event is a line. */
import { startEngine } from './engine.ts';
import { toyBehaviour } from './toy.ts';

const [url, member] = process.argv.slice(2) as [string, string];
await startEngine(url, member, toyBehaviour, { onEvent: (event) => console.log(event) });
console.log('ready');
