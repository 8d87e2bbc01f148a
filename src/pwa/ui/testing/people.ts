/** Fictitious people and discussions that the tests of the views share. */
import type { AccountId, ChannelId, DeviceId, Discussion, EnvelopeId, Message, Person, Professional } from "../../bridge/models.js"

export const account = (name: string) => name as AccountId
export const channel = (name: string) => name as ChannelId

export function professional(overrides: Partial<Professional> = {}): Professional {
  return {
    rpps: "99000000002",
    familyName: "FICTIF-HOARAU",
    givenName: "Marie",
    civility: "MME",
    professionCode: "60",
    profession: "Infirmier",
    specialities: [],
    category: "C",
    activities: [{ structure: "Cabinet du Port", commune: "Saint-Paul", postcode: "97460", mode: "Libéral" }],
    account: account("me"),
    ...overrides,
  }
}

export function person(name: string, overrides: Partial<Professional> = {}): Person {
  return {
    account: account(name),
    professional: professional({ account: account(name), ...overrides }),
    verification: { provider: "psc", verifiedAtMs: Date.UTC(2026, 9, 1) },
  }
}

export const marie = person("me")
export const jean = person("jean", {
  givenName: "Jean-Luc",
  familyName: "FICTIF-PAYET",
  civility: "M",
  professionCode: "10",
  profession: "Médecin",
  specialities: ["Cardiologie"],
})
export const anais = person("anais", { givenName: "Anaïs", familyName: "FICTIF-GRONDIN", professionCode: "21", profession: "Pharmacien" })

export function message(envelope: string, overrides: Partial<Message> = {}): Message {
  return {
    envelope: envelope as EnvelopeId,
    offset: 1,
    author: jean.account,
    mine: false,
    sentAtMs: new Date(2026, 10, 23, 9, 42).getTime(),
    content: { kind: "text", text: envelope },
    device: "phone" as DeviceId,
    reply: null,
    mentions: [],
    intent: { kind: "info" },
    isForwarded: false,
    editedAtMs: null,
    reactions: [],
    taken: [],
    changeableUntilMs: 0,
    reach: null,
    delivery: "sent",
    failure: null,
    ...overrides,
  }
}

export function discussion(overrides: Partial<Discussion> = {}): Discussion {
  return {
    channel: channel("c1"),
    isDirect: true,
    name: "",
    members: [marie, jean],
    last: null,
    lastAtMs: 0,
    unread: 0,
    preference: { isPinned: false, isArchived: false, isMuted: false, isUnread: false },
    admins: [],
    waiting: null,
    patient: null,
    picture: null,
    suspended: null,
    messages: [],
    hasOlder: false,
    hasNewer: false,
    typing: [],
    unreadFrom: null,
    missed: null,
    draft: { text: "", replyTo: null, intent: { kind: "info" } },
    retentionDays: 30,
    longestDays: 30,
    leastDays: 1,
    isAdmin: true,
    ...overrides,
  }
}
