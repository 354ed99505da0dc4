import type { Board } from '../board.ts';
import { quantile, rate, row, type Steps, series, share, stat, text } from '../panel.ts';

/** Objectives of ops/prometheus/rules.yml, over what is shown. */
const OBJECTIVE: Steps = [['red'], ['orange', 0.99], ['green', 0.995]];
const THREE_NINES: Steps = [['red'], ['orange', 0.998], ['green', 0.999]];
const NONE: Steps = [['green'], ['orange', 1]];

const within = (name: string, le: string): string =>
  share(`sum(increase(${name}_bucket{le="${le}"}[1d]))`, `sum(increase(${name}_count[1d]))`);
const kept = (slo: string): string => `1 - avg_over_time(slo:failures:ratio1h{slo="${slo}"}[1d])`;

export const overview: Board = {
  uid: 'relais-overview',
  title: 'Relais · Vue d’ensemble',
  description: 'Pour qui répond du service : ce qui passe, en combien de temps, et qui attend.',
  from: 'now-24h',
  panels: [
    text(
      'Lire cette page',
      'Chiffres du dernier jour, sauf mention. **Rouge** : l’engagement n’est pas tenu. Ce qui se passe en ce moment : les alertes, plus bas.',
      2,
    ),
    row('Ce que le service promet'),
    stat(
      'Dossiers déposés',
      'sum(increase(relais_deposits_accepted_total[1d]))',
      'short',
      'Télédossiers acceptés depuis 24 heures, tous canaux.',
    ),
    stat(
      'Démarches relevées',
      'sum(increase(relais_delivery_seconds_count[1d]))',
      'short',
      'Dossiers pris par leur destinataire depuis 24 heures.',
    ),
    stat(
      'Disponibles en moins d’une minute',
      within('relais_availability_seconds', '60'),
      'percentunit',
      'Part des dossiers arrivés chez leur destinataire en moins de 60 s. Engagement : 99 %.',
      OBJECTIVE,
    ),
    stat(
      'Statuts rendus en moins de cinq minutes',
      within('relais_status_return_seconds', '300'),
      'percentunit',
      'Part des statuts revenus à l’émetteur en moins de 5 min. Engagement : 99 %.',
      OBJECTIVE,
    ),
    stat(
      'Dépôts sans erreur du service',
      `min(${kept('deposits')})`,
      'percentunit',
      'Engagement : 99,9 %.',
      THREE_NINES,
    ),
    stat('Pages du portail sans erreur', kept('portal'), 'percentunit', 'Engagement : 99,9 %.', THREE_NINES),
    row('Qui attend'),
    stat(
      'Destinataires silencieux depuis un jour',
      'max(recipients_silent{days="1"})',
      'short',
      'Organisations qui ont du courrier et n’ont rien relevé depuis un jour.',
    ),
    stat(
      '… depuis trois jours',
      'max(recipients_silent{days="3"})',
      'short',
      'La liste : tableau de bord Destinataires.',
    ),
    stat('… depuis sept jours', 'max(recipients_silent{days="7"})', 'short', 'Ceux-là sont à appeler.', [
      ['green'],
      ['orange', 1],
      ['red', 50],
    ]),
    stat(
      'Dossiers jamais relevés après 48 h',
      'max(recipients_unacknowledged_cases)',
      'short',
      'Leur usager attend, personne ne les a ouverts.',
      NONE,
    ),
    stat(
      'Dossiers inachevés par leur émetteur',
      'sum(engine_folders_unfinished)',
      'short',
      'Déposés sans être terminés : rien n’en a été transmis.',
      NONE,
    ),
    stat('Organisations à inviter', 'sum(engine_held_boxes)', 'short', 'Des dossiers attendent leur abonnement.'),
    row('Ce qui se passe'),
    stat(
      'Alertes en cours',
      'count(ALERTS{alertstate="firing"}) or vector(0)',
      'short',
      'Chacune renvoie à une fiche.',
      [['green'], ['red', 1]],
    ),
    stat(
      'Messages mis de côté',
      'sum(engine_dead_letters)',
      'short',
      'Ils attendent une décision de l’exploitation.',
      NONE,
    ),
    stat(
      'Dernière sauvegarde',
      'max(relais_backup_success_timestamp_seconds) * 1000 > 0',
      'dateTimeFromNow',
      'Réussie, et notée dans le dossier de données.',
    ),
    stat(
      'Webhooks suspendus',
      'sum(webhooks{state="paused"})',
      'short',
      'Des partenaires dont l’adresse ne répond plus.',
      NONE,
    ),
    stat(
      'Certificat le plus proche de sa fin',
      'min(relais_certificate_expiry_timestamp_seconds) * 1000',
      'dateTimeFromNow',
      'Sans date : le service est derrière un mandataire, qui a le sien.',
    ),
    stat(
      'Place libre',
      'min(relais_disk_free_bytes / relais_disk_size_bytes)',
      'percentunit',
      'Du disque le plus plein.',
      [['red'], ['orange', 0.15], ['green', 0.25]],
    ),
    series('Dépôts', 'cps', 'Dossiers acceptés par seconde, par canal.', [
      '{{way}}',
      rate('relais_deposits_accepted_total', 'way'),
    ]),
    series(
      'Délai jusqu’au destinataire',
      's',
      'Du dépôt accepté au dossier disponible.',
      ['moitié', quantile(0.5, 'relais_availability_seconds')],
      ['99 %', quantile(0.99, 'relais_availability_seconds')],
    ),
    series(
      'Délai de relève',
      's',
      'Du dossier disponible à sa prise en charge par le destinataire.',
      ['moitié', quantile(0.5, 'relais_delivery_seconds', '1h')],
      ['90 %', quantile(0.9, 'relais_delivery_seconds', '1h')],
    ),
    series('Part d’échecs, par engagement', 'percentunit', 'Sur une heure glissante.', [
      '{{slo}} {{way}}',
      'slo:failures:ratio1h',
    ]),
  ],
};
