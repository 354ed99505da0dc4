import type { Country } from './actors.ts';
import type { DemoAgent } from './agents.ts';
import type { Client, Credentials } from './client.ts';
import { senderCredentials, softwareCredentials, subscriptionKey } from './enrol.ts';
import type { Recipient } from './france/recipients.ts';
import { senderOf } from './france/senders.ts';
import type { KeyTown } from './keytown.ts';
import type { Ledger } from './ledger.ts';
import type { Drawn } from './traffic/flow.ts';

/** Démarche of the town that is shown. */
const shownDemarche = 'EtatCivil';

/** Reads one member of a JSON text by its path: any Node does, jq may not be there. */
const jsonReader = `node -pe 'process.argv[1].split(".").reduce((o, k) => o[k], JSON.parse(require("fs").readFileSync(0, "utf8")))'`;

export interface Shown {
  apiUrl: string;
  /** '' when there is none */
  portalUrl: string;
  agents: readonly DemoAgent[];
  /** a town without ProConnect */
  keyTown?: KeyTown | undefined;
  smtpUrl: string;
  admin: Credentials;
  sender: Credentials;
  town: Credentials;
  recipient: Recipient;
  dataFolder: string;
}

/** The most populous commune left to the portal: no simulated software reads its notifications, so they stay to be seen. */
export function shownTown(country: Country): Drawn {
  const demarche = country.demarches.find((one) => one.code === shownDemarche);
  const recipient = country.france.communes.find((one) => country.modeOf(one) === 'PORTAIL');
  if (!demarche || !recipient) throw new Error('no town to show');
  return { demarche, recipients: [recipient] };
}

/** The accounts shown to the user besides the admin: DILA and the town. */
export async function shownAccounts(
  country: Country,
  admin: Client,
  ledger: Ledger,
): Promise<Pick<Shown, 'sender' | 'town' | 'recipient'>> {
  const { demarche, recipients } = shownTown(country);
  const recipient = recipients[0] as Recipient;
  return {
    sender: await senderCredentials(admin, ledger, senderOf('DILA')),
    town: await softwareCredentials(admin, ledger, subscriptionKey(demarche, recipient)),
    recipient,
  };
}

/** Addresses, credentials and calls to copy. */
export function guide({
  apiUrl,
  portalUrl,
  agents,
  keyTown,
  smtpUrl,
  admin,
  sender,
  town,
  recipient,
  dataFolder,
}: Shown): string {
  const { companyRegister, branchCode } = recipient.identity;
  return `
Relais is running, with the demo's France.

  API            ${apiUrl}
                 /openapi.json  /metrics  /health/ready
${portalUrl && portalLines(portalUrl, agents)}${keyTown ? keyLines(keyTown) : ''}  E-mails        ${smtpUrl}  (a real SMTP server on this machine; nothing leaves it)
  Data           ${dataFolder}  (found again by the next ./hub demo; ./hub demo --fresh starts anew)

  Sender         DILA, scope OSL, for its démarches
                 ${sender.clientId}:${sender.clientSecret}
  Town           ${recipient.name} (SI-${companyRegister}-${branchCode}), scope SI, démarche ${shownDemarche}
                 ${town.clientId}:${town.clientSecret}
  Administrator  scope ADMIN
                 ${admin.clientId}:${admin.clientSecret}

  People and files are invented. Files are NOT scanned by an antivirus yet: do not deposit files you do not trust.

Try, in another terminal (the town is one that no simulated software reads, its notifications wait for you):

  API=${apiUrl}
  token() { curl -s -u "$1" -d "grant_type=client_credentials&scope=$2" $API/oauth2/token | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/'; }
  OSL=$(token ${sender.clientId}:${sender.clientSecret} OSL)
  SI=$(token ${town.clientId}:${town.clientSecret} SI)

  # what waits for the town
  curl -s -H "Authorization: Bearer $SI" "$API/teledossiers/v1/notifications?eventDetails=true&maxResult=5"

  # deposit a folder with one file for it, complete it, and see it arrive
  printf '<acte>essai</acte>' > acte.xml
  FOLDER=$(curl -s -H "Authorization: Bearer $OSL" -H 'Content-Type: application/json' $API/teledossiers/v1/folders -d '{
    "processCode":"${shownDemarche}", "externalId":"DILA-EC-0000000000001",
    "applicant":{"firstName":"Camille","lastName":"Exemple"},
    "cases":[{"externalId":"DILA-EC-0000000000001-01",
      "recipient":{"type":"SI","companyRegister":"${companyRegister}","branchCode":"${branchCode}"}}],
    "attachments":[{"fileName":"acte.xml","type":"ActeEtatCivil-XML","mimeType":"application/xml","size":18,
      "recipients":["DILA-EC-0000000000001-01"]}]}'); echo "$FOLDER"
  field() { echo "$FOLDER" | ${jsonReader} "$1"; }
  curl -s -X PUT -H "Authorization: Bearer $OSL" -H 'Content-Type: application/octet-stream' --data-binary @acte.xml \\
    $API/teledossiers/v1/folders/$(field id)/attachments/$(field attachments.0.id)
  curl -s -X PATCH -H "Authorization: Bearer $OSL" -H 'Content-Type: application/json' -d '{"globalStatus":"HUBEE_COMPLETED"}' \\
    $API/teledossiers/v1/folders/$(field id)
  curl -s -H "Authorization: Bearer $SI" $API/teledossiers/v1/cases/$(field cases.0.id)
`;
}

/** How to open the portal, and as whom. */
function portalLines(portalUrl: string, agents: readonly DemoAgent[]): string {
  const names = agents.map(
    ({ account: { givenName, familyName, about } }) => `                 - ${givenName} ${familyName}: ${about}`,
  );
  return `  Portal         ${portalUrl}  (in a browser: « S’identifier avec ProConnect », then choose one of these invented people)
${names.join('\n')}
`;
}

/** How to come in where ProConnect does not reach: the link of an e-mail of this demo. */
const keyLines = ({ town, person, url }: KeyTown): string =>
  `  No ProConnect  ${person}, administrator of ${town}, comes in by a passkey, made in this browser from the e-mail's link:
                 ${url}
`;
