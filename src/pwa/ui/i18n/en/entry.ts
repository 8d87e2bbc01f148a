/** English: signing in, unlocking, and what stops the way in. */
import type { entry as french } from "../fr/entry.js"

export const entry: typeof french = {
  signIn: {
    title: "Welcome to Lien",
    explain: "Talk with your colleagues in confidence. Only verified health professionals are here.",
    with: (provider) => `Continue with ${provider}`,
    passkey: "Use my express login",
    passkeyHint: "Already using Lien on another device?",
    noProvider: "No way to sign in is available. Check the network, then try again.",
    privacy: "Only you and the people you write to can read your messages.",
  },
  welcome: {
    title: "Is this you?",
    explain: "This is what the professional directory says about you. Your colleagues will see you like this.",
    knownTitle: "Good to see you again",
    knownExplain: "Your account will open on this device too.",
    deviceLabel: "Name of this device",
    deviceHint: "So that you recognise it in the list of your devices.",
    deviceMissing: "Give this device a name.",
    enrol: "Start",
    enrolling: "Preparing this device…",
    notMe: "This is not me",
    cannotTitle: "You already have a Lien account",
    cannotExplain: "So that nobody can open it in your place, it opens with your express login or your recovery code.",
    cannotPasskey: "Open with my express login",
  },
  offer: {
    title: "Express login",
    explain: "Open Lien with your face, your finger or your code, without a one-time code.",
    accept: "Turn on",
    later: "Later",
    working: "Follow what your device asks…",
  },
  fresh: {
    offer: "I have none of these any more",
    title: "Start afresh",
    facts: [
      "Your old messages will stay sealed for ever, even for you.",
      "Your other devices will be signed out, and your express logins erased.",
      "Your colleagues will see that you began again, and will have to add you to their groups again.",
    ],
    word: "RESTART",
    label: (word) => `To confirm, type ${word}`,
    action: "Start afresh",
    working: "Closing the old account…",
    seen: (name) => `${name} began again with a new account, without their old messages. Check by voice that it is really them.`,
  },
  lock: {
    unlock: "Unlock",
    working: "Follow what your device asks…",
    cannot: "I can no longer unlock",
    forgetExplain:
      "What Lien keeps here opens only with your express login. You can erase it and start again: your discussions remain on your other devices, and open here again with an express login saved elsewhere.",
    title: "Lien is locked",
    withProvider: (provider) => `Unlock with ${provider}`,
  },
  revoked: {
    title: "This device was removed",
    explain: "It was removed from your account. Everything it held has been erased. Your discussions remain on your other devices.",
    restart: "Start again on this device",
  },
  stopped: {
    upgradeTitle: "A new version is needed",
    upgradeExplain: "Reload the page to go on. Your messages and drafts are kept.",
    storageTitle: "Lien cannot save anything on this device",
    storageExplain: "Free some space or leave private browsing, close other Lien tabs, then reload the page.",
    browserTitle: "This browser is not suitable",
    browserExplain: "Update your browser, or open Lien with a recent version of Chrome, Safari, Firefox or Edge.",
    reload: "Reload",
  },
  providers: { psc: "Pro Santé Connect", oiis: "OIIS PRO", mock: "the demonstration" },
}
