import { type Board, filled } from '../board.ts';
import { api, quantile, row, series, stat } from '../panel.ts';

const COLUMNS = [
  { selector: 'key', text: 'Organisation', type: 'string' },
  { selector: 'state', text: 'État', type: 'string' },
  { selector: 'unread', text: 'Non relevé', type: 'number' },
  { selector: 'oldestUnread', text: 'Depuis', type: 'timestamp' },
  { selector: 'unacknowledged', text: 'Plus de 48 h', type: 'number' },
  { selector: 'lastPull', text: 'Dernière venue', type: 'timestamp' },
  { selector: 'consumersLive', text: 'Connectés', type: 'number' },
] as const;

const PRESENCE = `/relais/v1/feed/presence?organization=${filled('organisation:percentencode')}`;

export const recipients: Board = {
  uid: 'relais-recipients',
  title: 'Relais · Destinataires',
  description: 'Combien sont silencieux ou en retard, et lesquels.',
  from: 'now-7d',
  panels: [
    stat(
      'Silencieux depuis un jour',
      'max(recipients_silent{days="1"})',
      'short',
      'Ont du courrier et n’ont rien relevé.',
    ),
    stat('… trois jours', 'max(recipients_silent{days="3"})', 'short', ''),
    stat('… sept jours', 'max(recipients_silent{days="7"})', 'short', '', [['green'], ['orange', 1]]),
    stat('Dossiers jamais relevés après 48 h', 'max(recipients_unacknowledged_cases)', 'short', '', [
      ['green'],
      ['orange', 1],
    ]),
    stat('Plus vieille nouvelle non lue', 'max(feed_oldest_unread_seconds)', 's', 'Des lecteurs par fil.'),
    stat('Destinataires en retard', 'max(feed_recipients_behind)', 'short', 'Dont aucun lecteur n’a tout acquitté.'),
    row('Dans le temps'),
    series('Silencieux', 'short', 'Par nombre de jours.', ['{{days}} j', 'max by (days) (recipients_silent)']),
    series(
      'Délai de relève',
      's',
      'Du dossier disponible à sa prise en charge.',
      ['moitié', quantile(0.5, 'relais_delivery_seconds', '1h')],
      ['90 %', quantile(0.9, 'relais_delivery_seconds', '1h')],
      ['99 %', quantile(0.99, 'relais_delivery_seconds', '1h')],
    ),
    series(
      'Lecteurs du fil',
      'short',
      'Par nom, webhooks compris.',
      ['tous', 'max(feed_consumers)'],
      ['connectés', 'max(feed_consumers_live)'],
      ['en retard', 'max(feed_consumers_behind)'],
    ),
    series('Dossiers en attente d’un abonnement', 'short', 'Organisations à inviter, par démarche.', [
      'organisations',
      'sum(engine_held_boxes)',
    ]),
    row('Lesquels'),
    api('Silencieux', 'Rien n’a été pris depuis un jour au moins. Mille au plus ; tous : ./hub recipients.', {
      path: '/admin/v1/recipients/health?state=silent&limit=1000',
      columns: COLUMNS,
      root: '',
    }),
    api('En retard', 'Rien n’a été pris depuis deux heures au moins.', {
      path: '/admin/v1/recipients/health?state=behind&limit=1000',
      columns: COLUMNS,
      root: '',
    }),
  ],
};

export const recipient: Board = {
  uid: 'relais-recipient',
  title: 'Relais · Un destinataire',
  description:
    'Qui lit le fil d’une organisation et où il en est : par l’API, car aucune mesure ne nomme un destinataire.',
  from: 'now-7d',
  inputs: [{ name: 'organisation', label: 'Organisation (SI-SIRET-code)', value: 'SI-21770001000019-77372' }],
  panels: [
    api(
      'L’organisation',
      'Ce qu’aucun de ses lecteurs n’a acquitté.',
      {
        path: PRESENCE,
        root: '',
        columns: [
          { selector: 'organization', text: 'Organisation', type: 'string' },
          { selector: 'live', text: 'Lecteurs connectés', type: 'number' },
          { selector: 'unread', text: 'Non lu', type: 'number' },
          { selector: 'oldestUnread', text: 'Depuis', type: 'timestamp' },
        ],
      },
      4,
    ),
    api('Ses lecteurs', 'Logiciels et webhooks, par nom.', {
      path: PRESENCE,
      root: 'consumers',
      columns: [
        { selector: 'consumer', text: 'Lecteur', type: 'string' },
        { selector: 'live', text: 'Connecté', type: 'string' },
        { selector: 'acknowledged', text: 'Acquitté jusqu’à', type: 'number' },
        { selector: 'acknowledgedAt', text: 'Le', type: 'timestamp' },
        { selector: 'unread', text: 'Non lu', type: 'number' },
        { selector: 'oldestUnread', text: 'Depuis', type: 'timestamp' },
      ],
    }),
  ],
};
