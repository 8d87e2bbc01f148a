/** English: what opens this device and this account, and who is told of it. */
import type { security as french } from "../fr/security.js"
import { many } from "../plural.js"

export const security: typeof french = {
  pin: {
    title: "6-digit code",
    explain: "Choose a code that opens Lien on this device, and on this one only.",
    instead: "This device cannot open Lien with your face or finger. Choose a code: it opens Lien here and nowhere else.",
    choose: "Your code",
    chooseHint: "6 digits, no sequence and no repetition.",
    again: "Your code once more",
    different: "The two codes are not the same.",
    keep: "Use this code",
    working: "Saving…",
    field: "Your 6-digit code",
    opening: "Opening…",
    wrong: (left: number) =>
      left <= 3
        ? `This is not the right code. ${left} more ${many(left, "try", "tries")}, then Lien erases itself from this device.`
        : `This is not the right code. ${left} more tries.`,
    wait: (minutes: number, until: string, left: number) =>
      `Too many wrong codes. Wait ${minutes >= 120 ? `${Math.ceil(minutes / 60)} hours` : `${minutes} ${many(minutes, "minute", "minutes")}`}, until ${until}. ${left} more ${many(left, "try", "tries")}, then Lien erases itself from this device.`,
    waited: (left: number) => `You can try again. ${left} more ${many(left, "try", "tries")}, then Lien erases itself from this device.`,
    on: "Opens Lien on this device.",
    off: "For a device that does not know your face or finger.",
    online: "It needs the network.",
    offlineUntil: (when: string) => `Without network too, until ${when}. Less safe if the device is stolen meanwhile.`,
    set: "Choose a code",
    change: "Change the code",
    remove: "Remove the code",
    removeTitle: "Remove the code of this device?",
    removeExplain: "Without a code or express login, you need your professional account to open Lien here again.",
    fresh: "For your safety, identify yourself again, then choose the code.",
    kept: "The code is saved.",
    forgetExplain: "What Lien keeps here opens only with your code. You can erase it and begin again: your discussions stay on your other devices.",
  },
  alerts: {
    text: (kind: string, device: string) =>
      ({
        signed_in: `New sign-in on ${device}.`,
        device_added: `New device: ${device}.`,
        passkey_added: `Express login added on ${device}.`,
        passkey_removed: `Express login removed from ${device}.`,
        vault_changed: `New recovery code made on ${device}.`,
        pin_destroyed: `Too many wrong codes on ${device}: Lien erased itself there.`,
      })[kind] ?? `A change on your account, from ${device}.`,
    elsewhere: "another device",
    see: "Look",
    notMe: "It was not you? Remove the device",
  },
  devices: {
    signedIn: (when: string) => `Signed in since: ${when}`,
    name: "Name of the device",
    rename: "Rename",
    renameName: (name: string) => `Rename ${name}`,
    keepName: "Save",
    end: "Sign out",
    endName: (name: string) => `Sign out ${name}`,
    endTitle: (name: string) => `Sign out “${name}”?`,
    endExplain: "You will have to identify yourself there again. Nothing is erased there.",
    endOthers: "Sign out all others",
    endOthersTitle: "Sign out all your other devices?",
    gone: "Removed devices",
    add: "Add a device",
  },
  addDevice: {
    explain: "On the new device, open Lien and choose “With a device I already have”. Then show its code to the camera.",
    field: "Or type the code it shows",
    find: "Continue",
    confirm: (label: string) => `Add “${label}”? It will read all your messages. Accept only if it is in front of you.`,
    approve: "Add this device",
  },
  arrival: {
    offer: "With a device I already have",
    title: "Show this code",
    explain: "On your other device: Me, Devices and sign-ins, Add a device.",
    picture: "Code to show to your other device",
    orType: "Or type:",
    waiting: "Waiting for your other device…",
    again: "Show a new code",
  },
  inPerson: {
    title: "Verify in person",
    begin: "Verify that it is this person",
    again: "Verify again",
    explain: "One of you shows this square to the other's camera. From afar, read the digits aloud: they must be the same on both phones.",
    picture: "Code to show to this person's camera",
    code: "Digits to compare",
    scan: "Read their code with the camera",
    same: "We compared, they are the same",
    verified: (date: string) => `Verified in person on ${date}`,
    lost: "This person began again with a new account since you verified them. Verify again.",
  },
  scan: {
    label: "Camera",
    noCamera: "The camera is not available. Type the code.",
  },
}
