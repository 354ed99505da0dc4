import { type Static, Type } from 'typebox';
import { matching } from './fields.ts';

/** Contract §5.1. No dash in the type: the text form `<type>-<companyRegister>-<branchCode>` must read back. */
export const Identity = Type.Object(
  {
    type: matching('^\\w{1,20}$', 20),
    companyRegister: matching('^[0-9]{14}$', 14),
    branchCode: matching('^[A-Za-z0-9-]{1,10}$', 10),
  },
  { title: 'OrganizationIdentifier', description: 'Identité d’une organisation : type, SIRET et code guichet' },
);
export type Identity = Static<typeof Identity>;

/** Contract §5.5: a case goes to a service that processes cases. */
export const Recipient = Type.Object(
  {
    type: Type.Unsafe<'SI'>({ type: 'string', enum: ['SI'] }),
    companyRegister: matching('^[0-9]{14}$', 14),
    branchCode: matching('^[A-Za-z0-9-]{1,10}$', 10),
  },
  { title: 'RecipientIdentifier', description: 'Identité du destinataire d’un télédossier' },
);
