import type { Board } from '../board.ts';
import { quantile, rate, row, type Steps, series, share, stat } from '../panel.ts';

const REQUESTS = 'relais_http_request_seconds';
const THREE_NINES: Steps = [['red'], ['orange', 0.998], ['green', 0.999]];
const FAULTS = '{status=~"5.."}';

export const apiBoard: Board = {
  uid: 'relais-api',
  title: 'Relais · API et portail',
  description: 'Requêtes, erreurs, durées ; canaux par lesquels le courrier part ; portail.',
  from: 'now-6h',
  panels: [
    stat('Requêtes', rate(`${REQUESTS}_count`), 'reqps', 'Par seconde, toutes routes.'),
    stat(
      'Sans erreur du service',
      `1 - (${share(rate(`${REQUESTS}_count`, '', FAULTS), rate(`${REQUESTS}_count`))} or vector(0))`,
      'percentunit',
      'Part des réponses qui ne sont pas 5xx.',
      THREE_NINES,
    ),
    stat('Durée (95 %)', quantile(0.95, REQUESTS), 's', 'De la fin des en-têtes à la fin de la réponse.', [
      ['green'],
      ['orange', 0.5],
      ['red', 2],
    ]),
    stat('En cours', 'sum(api_asks_in_flight)', 'short', 'Requêtes qui attendent leur réponse du moteur.'),
    stat('Processus qui répondent', 'sum(up{job=~"relais|portail"})', 'short', 'Interrogés par Prometheus.'),
    stat(
      'Version',
      'count(count by (version) (relais_build_info))',
      'short',
      'Nombre de versions en service : 2 pendant une mise à jour.',
      [['green'], ['orange', 2]],
    ),
    row('Requêtes'),
    series('Par statut', 'reqps', 'Réponses par seconde.', ['{{status}}', rate(`${REQUESTS}_count`, 'status')]),
    series('Erreurs du service, par route', 'reqps', '5xx seulement.', [
      '{{method}} {{route}} {{status}}',
      `topk(10, ${rate(`${REQUESTS}_count`, 'method, route, status', FAULTS)})`,
    ]),
    series('Routes les plus appelées', 'reqps', 'Dix premières.', [
      '{{method}} {{route}}',
      `topk(10, ${rate(`${REQUESTS}_count`, 'method, route')})`,
    ]),
    series('Routes les plus lentes (95 %)', 's', 'Dix premières.', [
      '{{method}} {{route}}',
      `topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(${REQUESTS}_bucket[$__rate_interval]))))`,
    ]),
    series('Jetons', 'cps', 'Demandes de jeton, par issue.', ['{{outcome}}', rate('relais_tokens_total', 'outcome')]),
    series('Pièces', 'bytes', 'Octets par seconde, reçus et envoyés.', [
      '{{direction}}',
      rate('relais_file_bytes_total', 'direction'),
    ]),
    row('Dépôt natif'),
    series('Dépôts natifs, par issue', 'cps', '/relais/v1 : appels et lignes de lots.', [
      '{{way}} {{outcome}}',
      rate('native_deposits_total', 'way, outcome'),
    ]),
    series(
      'Lots en cours',
      'short',
      'Lots ouverts et lignes en cours.',
      ['lots', 'sum(native_batches)'],
      ['lignes', 'sum(native_lines)'],
    ),
    row('Canaux de sortie'),
    series(
      'Événements remis',
      'cps',
      'Par canal.',
      ['WebSocket', rate('push_events_total')],
      ['{{channel}}', rate('feed_events_total', 'channel')],
    ),
    series(
      'Lecteurs connectés',
      'short',
      'Par WebSocket, et fils suivis.',
      ['connexions', 'sum(push_connections)'],
      ['fils suivis', 'sum(feed_readers)'],
    ),
    series('Webhooks, par issue', 'cps', 'Appels par seconde.', [
      '{{outcome}}',
      rate('webhook_calls_total', 'outcome'),
    ]),
    series('Durée des webhooks (95 %)', 's', 'Réponse du partenaire.', [
      '95 %',
      quantile(0.95, 'webhook_call_seconds'),
    ]),
    row('Portail'),
    series('Pages', 'reqps', 'Par statut.', ['{{status}}', rate('portal_request_seconds_count', 'status')]),
    series('Pages les plus lentes (95 %)', 's', 'Dix premières.', [
      '{{route}}',
      'topk(10, histogram_quantile(0.95, sum by (le, route) (rate(portal_request_seconds_bucket[$__rate_interval]))))',
    ]),
    row('Listes et consultations'),
    series('Retard de l’index', 's', 'Des listes de dossiers sur le fil.', [
      '99 %',
      quantile(0.99, 'index_lag_seconds'),
    ]),
    series('Consultations journalisées', 'cps', 'Refusées : elles n’ont pu être inscrites, et l’agent n’a rien vu.', [
      '{{outcome}}',
      rate('access_entries_total', 'outcome'),
    ]),
    row('Processus'),
    series('Retard de la boucle d’événements', 's', '99 % des mesures sont au-dessous.', [
      '{{instance}} {{thread}}',
      'nodejs_eventloop_lag_p99_seconds',
    ]),
    series('Mémoire', 'bytes', 'De chaque processus.', ['{{instance}}', 'process_resident_memory_bytes']),
    series('Processeur', 'percentunit', 'Cœurs occupés par processus.', [
      '{{instance}}',
      'sum by (instance) (rate(process_cpu_seconds_total[$__rate_interval]))',
    ]),
    series('Décalage d’horloge', 's', 'Sur celle de Redis.', ['{{instance}}', 'relais_clock_skew_seconds']),
  ],
};
