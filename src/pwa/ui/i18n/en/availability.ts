/** English: when somebody can be counted on. */
import type { availability as french } from "../fr/availability.js"

export const availability: typeof french = {
  availability: {
    title: "Availability",
    usual: "As usual",
    duty: (until) => `On duty until ${until}`,
    absent: (until) => `Absent until ${until}`,
    coveredBy: (name) => `Covered by ${name}`,
    explain: "The people you talk with see it, and nobody else. It ends by itself.",
    dutyUntil: "On duty until…",
    absentUntil: "Absent until…",
    backToUsual: "As usual, from now on",
    other: "Another time",
    onDuty: "On duty",
    away: "Absent",
    past: "Choose a time to come, within a year.",
    cover: "Who covers for you?",
    coverNone: "Nobody in particular",
    coverEmpty: "Nobody to choose from: write to a colleague first.",
    urgentTo: (line, name) => `${name}: ${line.charAt(0).toLowerCase()}${line.slice(1)}.`,
    noCover: "Call the ward, or choose somebody else.",
    writeTo: (name) => `Write to ${name}`,
  },
}
