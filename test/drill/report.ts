import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';
import type { Kept } from './kept.ts';
import type { Outcome } from './trial.ts';

/** The table of drills, in French: what operators read. */
const FILE = join(projectFolder, 'ops/runbooks/DRILLS.md');
const S = 1_000;
const HOUR_S = 3_600;
const GIB = 2 ** 30;
const NEVER = '—';

const seconds = (ms: number | undefined): string =>
  ms === undefined ? NEVER : `${(ms / S).toFixed(1).replace('.', ',')} s`;

const HEAD = 'alerte | comment elle a été provoquée | gravité | sonne après | levée après | commandes | constat';

export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ drill, rules, commands, troubles }) => {
    const each = (of: (rule: Outcome['rules'][number]) => string): string => rules.map(of).join('<br>') || NEVER;
    const good = commands.filter(({ code }) => code === 0).length;
    const verdict = troubles.length === 0 ? 'vue' : `**à revoir** : ${troubles[0]?.split('\n')[0]}`;
    return [
      `[${drill.alert}](${drill.alert}.md)`,
      drill.how,
      each(({ severity, suppressed }) => severity + (suppressed ? ' (tue : la cause est dite)' : '')),
      each(({ fired }) => seconds(fired)),
      each(({ resolved, severity }) => seconds(resolved) + (drill.passes?.includes(severity) ? ' (d’elle-même)' : '')),
      commands.length === 0 ? NEVER : `${good} sur ${commands.length}`,
      verdict,
    ];
  });
  return [HEAD.split(' | '), HEAD.split(' | ').map(() => '-'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** One drill in a line or more, for whoever watches. */
export function story({ drill, rules, besides, others, told, commands, troubles, seconds: took }: Outcome): string {
  const each = rules.map(
    ({ severity, fired, resolved, suppressed }) =>
      `${severity}${suppressed ? ' (suppressed)' : ''} after ${seconds(fired)}, over after ${seconds(resolved)}`,
  );
  return [
    `${troubles.length === 0 ? 'seen  ' : 'FAILED'}  ${drill.alert}: ${each.join('; ')} (${took.toFixed(0)} s in all)`,
    ...(besides.length > 0 ? [`        besides: ${besides.join(', ')}`] : []),
    ...(others.length > 0 ? [`        also rang: ${others.join(', ')}`] : []),
    ...(told.length > 0 ? [`        told: ${told.join(', ')}`] : []),
    ...(commands.length > 0 ? [`        ${commands.length} blocks of its runbook were run`] : []),
    ...troubles.map((trouble) => `        ${trouble}`),
  ].join('\n');
}

/** Writes DRILLS.md. @param left alerts that are not in it, and why */
export function keep(played: readonly Kept[], left: readonly (readonly [alert: string, why: string])[]): void {
  const dates = played.map(({ at }) => new Date(at).toLocaleDateString('fr-FR', { dateStyle: 'long' }));
  const machine = `${cpus().length} cœurs (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / GIB)} Gio`;
  const outcomes = played.map(({ outcome }) => outcome);
  const minutes = Math.round(outcomes.reduce((sum, one) => sum + one.seconds, 0) / 60);
  const [factor = 1, ...others] = new Set(played.map((one) => one.factor));
  if (others.length > 0) throw new Error('drills with different factors: play them again');
  const seen = outcomes.filter(({ troubles }) => troubles.length === 0).length;
  const not =
    left.length === 0
      ? ''
      : `N’ont pas été provoquées ici :\n\n${left.map(([alert, why]) => `- ${alert} : ${why}`).join('\n')}\n\n`;
  writeFileSync(
    FILE,
    `# Exercices d’alerte

Écrit par \`./hub drill\` (${[...new Set(dates)].join(', ')}), ${minutes} min en tout, sur ${machine} : ${seen} alertes sur ${played.length + left.length} ont été vues sonner
puis s’éteindre. Chaque ligne est le dernier exercice de son alerte, seul ou avec d’autres. Elle a été jouée avec de vrais processus, un vrai Redis, un vrai Prometheus et un vrai Alertmanager : la panne est
provoquée, l’alerte attendue dans Alertmanager, les blocs « sh drill » de son mode opératoire exécutés, puis la fin de l’alerte attendue.

Les règles sont celles de \`ops/prometheus\`, dont toutes les fenêtres, tous les \`for\`, \`offset\` et intervalles sont divisés par
**${factor}** au moment de l’exercice (une heure dure ${HOUR_S / factor} s) ; les processus sont interrogés chaque seconde. Les seuils et les âges
sont ceux de la production. « Sonne après » compte depuis le début de la panne, « levée après » depuis la réparation,
ou depuis la sonnerie quand la panne passe d’elle-même.

${table(outcomes)}

${not}Les alertes d’objectif (\`*Burn\`) sont attendues à leur gravité \`page\` ; leur gravité \`ticket\` sonne avec elle, mais ne s’éteint
qu’après des fenêtres de deux heures à trois jours, que \`promtool test rules\` vérifie sur les fichiers réels (\`ops/prometheus/tests\`).
La perte d’un Redis entier fait aussi sonner RedisReplication (exercices d’AvailabilityBurn et de LaneStuck). L’horizon de sept jours de
\`predict_linear\` (DiskFull) est un nombre et non une durée, que rien ne divise : ce ticket peut sonner pendant d’autres exercices.
`,
  );
}
