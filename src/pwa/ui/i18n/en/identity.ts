/** English: who somebody is here, where they practise, and what to do when that cannot be said. */
import type { Words } from "../fr.js"

export const identity: Pick<Words, "situation" | "professions" | "problems"> = {
  situation: {
    title: "Where do you practise with Lien?",
    explain: "You practise in several places or professions. Choose the one your colleagues will see; you can change it later.",
    legend: "Where you practise",
    next: "Continue",
    missing: "Choose one to continue.",
    noPlace: "No published place of practice",
    row: "Where I practise",
    none: "No place of practice chosen",
    changeTitle: "Where I practise",
    changeExplain: "This is how your colleagues see you. It comes from your professional account.",
    current: "Current",
    fresh: "To change it, sign in again with your professional account: it says where you practise.",
    freshAction: "Sign in again",
    choose: "Choose this one",
    only: "Your professional account names one place of practice only.",
    changed: "Done. Your colleagues will see this one.",
  },
  professions: {
    "330": "Care pathway coordinator",
    "331": "Medical secretary",
    "332": "Medical assistant",
    "353": "Member of the care team",
    student: "Health student",
  },
  problems: {
    retry: "Try again",
    other: "Choose another way",
    express: "Use my express login",
    not_in_directory: {
      title: "Your number is not in the directory yet",
      text: "Your professional account is recognised, but your RPPS number is not in the national directory that Lien uses.",
      steps: [
        "Registered just now? The directory is updated every day: try again tomorrow.",
        "Otherwise look at your entry on annuaire.sante.fr and have it corrected by the body that registers you.",
        "Meanwhile a colleague who is on Lien can invite you.",
      ],
    },
    no_rpps: {
      title: "Your account has no RPPS number",
      text: "Lien opens directly to professionals who have an RPPS number.",
      steps: [
        "If you have one, ask for it to be attached to your professional account.",
        "Otherwise a colleague who is on Lien can invite you and vouch for you.",
      ],
    },
    test_identity: {
      title: "This is a test identity",
      text: "This card is for the national tests and stands for nobody. It does not open Lien.",
      steps: ["Sign in again with your own CPS card or e-CPS."],
    },
    provider_unreachable: {
      title: "The sign-in service does not answer",
      text: "It is neither your phone nor Lien. Your messages are kept.",
      steps: [
        "Your express login opens Lien without that service, if you turned it on.",
        "Otherwise try again in a few minutes, or choose another account.",
      ],
    },
    attestor_refused: {
      title: "This is not the service you know",
      text: "Whoever confirms the identity of your colleagues has changed without proving it. Nothing was opened or sent.",
      steps: ["Go no further, and call the team that runs Lien for you."],
    },
  },
}
