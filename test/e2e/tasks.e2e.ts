/** The core tasks by mouse, by keyboard alone and without JavaScript: `./hub test e2e/tasks`. */
import { after, before } from 'node:test';
import { openPost, type Post } from './post.ts';
import { decideTasks } from './tasks/decide.ts';
import { exportTask } from './tasks/export.ts';
import { findTasks } from './tasks/find.ts';
import { shareTasks } from './tasks/share.ts';
import { type Cost, costTable, taskTests } from './tasks/task.ts';

let opened: Post;
const costs: Cost[] = [];
before(async () => {
  opened = await openPost();
});
after(async () => {
  console.log(costTable(costs));
  await opened?.stop();
});

const tasks = [...findTasks, ...decideTasks, ...shareTasks, exportTask].sort((one, other) => one.number - other.number);
taskTests(() => opened, tasks, costs);
