/** Someone this device knows: their chain as far as it was verified, and what may be shown of them. */
import type { AccountId, Activity, Person, Professional, Verification } from "../../bridge/models.js"
import type { Attestors, ChainState, Link, Sponsored } from "../crypto/chain.js"

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
  /** Null when only a key of the attestor that was replaced says it. */
  readonly verification: Verification | null
  readonly place?: Activity | null
}

/** What the last identity link says, if the attestor's current key said it. */
export function identityOf(state: ChainState, attestors: Attestors): Identity | null {
  if (state.identity === null) return null
  const { rpps, familyName, givenName, professionCode, category, provider, verifiedAtMs, situation } = state.identity
  const isCurrent = state.attestor === attestors.length - 1
  const verification = isCurrent ? { provider, verifiedAtMs } : null
  return { rpps, familyName, givenName, professionCode, category, verification, place: situation }
}

/** A guest: what their sponsor signed, and the attestor checked; `sponsor` null when it was not signed by whom it names. */
export function guestOf(state: ChainState, { content, verifiedAtMs }: Sponsored, attestors: Attestors, sponsor: string | null): Identity {
  const { familyName, givenName, role, endsAtMs } = content
  const isCurrent = state.attestor === attestors.length - 1 && sponsor !== null
  const sponsorship = { sponsor: sponsor === "" ? null : sponsor, endsAtMs }
  const verification = isCurrent ? { provider: "sponsored", verifiedAtMs, sponsorship } : null
  return { rpps: "", familyName, givenName, professionCode: role, category: "", verification }
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
  const { verification, place, ...signed } = identity
  const unsigned = identity.rpps !== "" && professional?.rpps === identity.rpps ? professional : NOBODY
  // The directory knows one profession of each: of another one, only the code was signed.
  const isSame = unsigned.professionCode === signed.professionCode
  const { profession, specialities } = isSame ? unsigned : NOBODY
  const activities = placedFirst(place ?? null, unsigned.activities)
  return { account, professional: { ...unsigned, ...signed, profession, specialities, activities, account }, verification }
}

/** Where they said they work comes before the other places of the directory. */
function placedFirst(place: Activity | null, activities: readonly Activity[]): readonly Activity[] {
  if (place === null) return activities
  const others = activities.filter(({ structure, postcode, mode }) => structure !== place.structure || postcode !== place.postcode || mode !== place.mode)
  return [place, ...others]
}

/** Before their chain was read. */
export function unknownPerson(account: AccountId): Person {
  return { account, professional: { ...NOBODY, account }, verification: null }
}
