/** Someone this device knows: their chain as far as it was verified, and what may be shown of them. */
import type { AccountId, Person, Professional, Verification } from "../../bridge/models.js"
import type { ChainState, Link } from "../crypto/chain.js"

export type Contact = {
  readonly account: AccountId
  /** Verified links. The last one is what no later answer may contradict. */
  readonly links: readonly Link[]
  /** From the directory; unsigned, so the chain's identity is preferred where they speak of the same. */
  readonly professional: Professional | null
  readonly identity: Identity | null
  /** The server showed another history: nothing is sent to this account until it shows the known one again. */
  readonly isRefused: boolean
}

/** The attestor's word, from the last identity link. */
export type Identity = {
  readonly rpps: string
  readonly familyName: string
  readonly givenName: string
  readonly professionCode: string
  readonly category: string
  readonly verification: Verification
}

export function identityOf(state: ChainState): Identity | null {
  if (state.identity === null) return null
  const { rpps, familyName, givenName, professionCode, category, provider, verifiedAtMs } = state.identity
  return { rpps, familyName, givenName, professionCode, category, verification: { provider, verifiedAtMs } }
}

const NOBODY: Professional = {
  rpps: "",
  familyName: "",
  givenName: "",
  civility: "",
  professionCode: "",
  profession: "",
  specialities: [],
  category: "",
  activities: [],
  account: null,
}

/** What is shown: the directory's words for what is not signed, the attestor's for who it is. */
export function personOf(contact: Contact): Person {
  const { account, identity, professional } = contact
  if (identity === null) {
    return { account, professional: { ...(professional ?? NOBODY), account }, verification: null }
  }
  const { verification, ...signed } = identity
  const unsigned = professional?.rpps === identity.rpps ? professional : NOBODY
  return { account, professional: { ...unsigned, ...signed, account }, verification }
}

/** Before their chain was read. */
export function unknownPerson(account: AccountId): Person {
  return { account, professional: { ...NOBODY, account }, verification: null }
}
