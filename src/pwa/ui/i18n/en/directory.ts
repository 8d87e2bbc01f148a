/** English: the directory. */
import { many } from "../plural.js"
import type { directory as french } from "../fr/directory.js"

export const directory: typeof french = {
  directory: {
    title: "Directory",
    search: "Name, profession or town",
    label: "Find a professional",
    explain: "Find a colleague by name, profession or town.",
    hint: "Two letters are enough.",
    searching: "Searching…",
    none: (query) => `Nobody matches “${query}”. Try another name, or only its beginning.`,
    offline: "The directory needs the network. You can still reach the people in your discussions.",
    found: (n, more) => (more ? `First ${n} results` : `${n} ${many(n, "result", "results")}`),
    onLien: "On Lien",
    notOnLien: "Not yet on Lien",
    student: "Student",
    write: "Write",
    cardTitle: "Professional card",
    profession: "Profession",
    specialities: "Specialities",
    places: "Places of practice",
    noPlace: "No place of practice published",
    rpps: "RPPS number",
    modes: { L: "Independent", S: "Employed", B: "Volunteer" },
    cannotWrite: "This person does not use Lien yet. Tell them about it.",
    verifiedTitle: "Identity verified",
    verified: (_gender, provider) => `verified by ${provider}`,
    verifiedOn: (provider, date) => `By ${provider}, on ${date}`,
    notVerified: "Identity not verified",
    notVerifiedExplain: "Check by voice before talking about a patient.",
    source: (date) => `Source: RPPS, extract of ${date}`,
    isYou: "This is you",
  },
}
