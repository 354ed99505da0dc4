/** The local provider's pages: French, no script needed, nothing from elsewhere. */
import type { Account } from './account.ts';

const STYLE = `
body{font:1rem/1.5 system-ui,"Liberation Sans",Arial,sans-serif;margin:0;color:#1d2430;background:#f4f6f9}
main{max-width:44rem;margin:2rem auto;padding:1.5rem;background:#fff;border:1px solid #c4ccd8;border-radius:4px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
ul{list-style:none;padding:0;margin:1rem 0}
li{margin:0 0 .5rem}
button{font:inherit;width:100%;text-align:left;padding:.6rem .9rem;border:1px solid #6b7686;border-radius:4px;background:#fff;color:#1d2430;cursor:pointer}
button:hover{background:#e3ecf8}
button:focus-visible,a:focus-visible{outline:3px solid #0a5bd3;outline-offset:2px}
button b{color:#1f4e8c}
.small{font-size:.875rem;color:#4c5666}
.note{padding:.6rem .9rem;background:#fdf0d5;border-left:5px solid #7a4a00}
@media (prefers-color-scheme:dark){
body{background:#161a21;color:#eef1f5}main,button{background:#1e242d;color:#eef1f5;border-color:#434d5c}
button:hover{background:#22344d}button b,a{color:#9cc3f5}.small{color:#b6c0ce}.note{background:#3b2f14;border-color:#f2c572}}
`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one] as string);

function page(title: string, body: string): string {
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

export function accountsPage(action: string, accounts: readonly Account[], cancel: string): string {
  const items = accounts.map(
    ({ id, givenName, familyName, email, about }) =>
      `<li><button name="compte" value="${escaped(id)}"><b>${escaped(`${givenName} ${familyName}`)}</b> ` +
      `<span class="small">${escaped(email)}</span><br>${escaped(about)}</button></li>`,
  );
  return page(
    'Identification de démonstration',
    `<h1>Qui êtes-vous&#8239;?</h1>
<p class="note">Fournisseur d’identité de démonstration, sur cette machine. Il tient la place de ProConnect. Toutes ces personnes sont inventées.</p>
<form method="post" action="${escaped(action)}"><ul>${items.join('')}</ul></form>
<form method="post" action="${escaped(cancel)}"><button>Annuler</button></form>`,
  );
}

export function secondFactorPage(action: string, account: Account): string {
  return page(
    'Second facteur',
    `<h1>Second facteur</h1>
<p>${escaped(`${account.givenName} ${account.familyName}`)}, votre rôle demande un second facteur.</p>
<p class="note">En démonstration, aucun code n’est envoyé : le bouton en tient lieu.</p>
<form method="post" action="${escaped(action)}"><input type="hidden" name="compte" value="${escaped(account.id)}">
<button name="facteur" value="oui"><b>Confirmer avec mon second facteur</b></button></form>`,
  );
}

export function logoutPage(form: string): string {
  return page(
    'Déconnexion',
    `<h1>Fermer la session</h1><p>Terminer aussi la session du fournisseur d’identité de démonstration&#8239;?</p>
${form}<button type="submit" form="op.logoutForm" name="logout" value="yes"><b>Oui, fermer la session</b></button>`,
  );
}

export const plainPage = (title: string, text: string): string =>
  page(title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
