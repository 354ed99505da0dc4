/** Contract §5.9. */
export interface OrganizationState {
  type: string;
  companyRegister: string;
  branchCode: string;
  name: string;
  code: string | null;
  country: string | null;
  postalCode: string;
  territory: string;
  email: string | null;
  phoneNumber: string | null;
  status: string;
  /** ms */
  created: number;
  /** ms */
  updated: number | null;
}
