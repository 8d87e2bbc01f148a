// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import type { Discussion } from "../../bridge/models.js"
import { discussion, jean, marie, message } from "../testing/people.js"
import { DiscussionView } from "./DiscussionView.js"

const calls = {
  onBack: vi.fn(),
  onDetails: vi.fn(),
  onWriteTo: vi.fn(),
  onSend: vi.fn(() => Promise.resolve(true)),
  onEdit: vi.fn(() => Promise.resolve(true)),
  onWithdraw: vi.fn(() => Promise.resolve()),
  onReact: vi.fn(),
  onTake: vi.fn(),
  onForward: vi.fn(() => Promise.resolve()),
  onCopy: vi.fn(),
  onInfo: vi.fn(() => Promise.resolve({ people: [] })),
  onPatient: vi.fn(() => Promise.resolve()),
  onPreference: vi.fn(),
  onFindPatients: vi.fn(() => Promise.resolve([])),
  onFolder: vi.fn(() => Promise.resolve()),
  onPicture: vi.fn(() => Promise.resolve()),
  onRename: vi.fn(() => Promise.resolve()),
  onVanishing: vi.fn(() => Promise.resolve(0)),
  onRetention: vi.fn(() => Promise.resolve()),
  onLeave: vi.fn(() => Promise.resolve()),
  onDraft: vi.fn(),
  onTyping: vi.fn(),
  onOlder: vi.fn(() => Promise.resolve(true)),
  onNewer: vi.fn(() => Promise.resolve(true)),
  onNewest: vi.fn(() => Promise.resolve(true)),
  onPoint: vi.fn(),
  found: () => null,
  onDate: vi.fn(() => Promise.resolve(true)),
  pointed: null,
  onReachedEnd: vi.fn(),
  onRetry: vi.fn(),
  onDiscard: vi.fn(),
}

function show(overrides: Partial<Discussion> = {}, entersSend = true) {
  const model = discussion(overrides)
  return render(
    <DiscussionView discussion={model} discussions={[]} me={marie.account} nowMs={new Date(2026, 10, 23, 10).getTime()} departed={new Map()} failure={null} entersSend={entersSend} {...calls} />,
  )
}

beforeEach(() => vi.clearAllMocks())
afterEach(cleanup)

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox")

test("says who is on the other end and how that is known", () => {
  show()
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("Jean-Luc FICTIF-PAYET")
  expect(screen.getByText("vérifié par Pro Santé Connect")).toBeTruthy()
  expect(screen.getByText(/s'effacent après 30 jours/)).toBeTruthy()
})

test("Enter sends what was typed, trimmed, and empties the field", () => {
  show()
  fireEvent.input(field(), { target: { value: "  Bonjour  " } })
  fireEvent.keyDown(field(), { key: "Enter" })
  expect(calls.onSend).toHaveBeenCalledWith({ text: "Bonjour", replyTo: null, intent: { kind: "info" }, mentions: [] })
  expect(field().value).toBe("")
})

test("Enter makes a new line on a phone, with Shift, and while composing", () => {
  show({}, false)
  fireEvent.input(field(), { target: { value: "Bonjour" } })
  fireEvent.keyDown(field(), { key: "Enter" })
  cleanup()
  show()
  fireEvent.input(field(), { target: { value: "Bonjour" } })
  fireEvent.keyDown(field(), { key: "Enter", shiftKey: true })
  fireEvent.keyDown(field(), { key: "Enter", isComposing: true })
  expect(calls.onSend).not.toHaveBeenCalled()
})

test("nothing but spaces is not sent", () => {
  show()
  fireEvent.input(field(), { target: { value: "   " } })
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Envoyer" }).disabled).toBe(true)
})

test("a message that was not taken comes back under the cursor", async () => {
  calls.onSend.mockResolvedValueOnce(false)
  show()
  fireEvent.input(field(), { target: { value: "Trop long" } })
  fireEvent.keyDown(field(), { key: "Enter" })
  await vi.waitFor(() => expect(field().value).toBe("Trop long"))
})

test("the draft is there again, and saved when the screen is left", async () => {
  const { unmount } = show({ draft: { text: "Je vous", replyTo: null, intent: { kind: "info" } } })
  expect(field().value).toBe("Je vous")
  fireEvent.input(field(), { target: { value: "Je vous rappelle" } })
  unmount()
  await vi.waitFor(() => expect(calls.onDraft).toHaveBeenCalledWith({ text: "Je vous rappelle", replyTo: null, intent: { kind: "info" } }))
})

test("each state of delivery has a name, and a failed message its two ways out", () => {
  const mine = { mine: true, author: marie.account } as const
  show({
    messages: [
      message("w", { ...mine, delivery: "waiting", sentAtMs: 1 }),
      message("s", { ...mine, delivery: "sent", sentAtMs: 60_001 }),
      message("d", { ...mine, delivery: "delivered", sentAtMs: 120_001 }),
      message("r", { ...mine, delivery: "read", sentAtMs: 180_001 }),
      message("f", { ...mine, delivery: "failed", failure: "too_long", sentAtMs: 240_001 }),
    ],
  })
  for (const name of ["En attente du réseau", "Envoyé", "Distribué", "Lu", "Non envoyé"]) expect(screen.getByRole("img", { name })).toBeTruthy()
  expect(screen.getByText(/trop long/)).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Réessayer" }))
  expect(calls.onRetry).toHaveBeenCalledWith(expect.objectContaining({ envelope: "f" }))
  fireEvent.click(screen.getByRole("button", { name: "Supprimer" }))
  expect(calls.onDiscard).toHaveBeenCalledWith(expect.objectContaining({ envelope: "f" }))
})

test("where identity is doubtful nothing can be written", () => {
  show({ suspended: "identity" })
  expect(screen.queryByRole("textbox")).toBeNull()
  expect(screen.getByRole("alert").textContent).toContain("Envoi suspendu")
})

test("who has left can read, and is told why they cannot write", () => {
  show({ isDirect: false, name: "Équipe", members: [jean], messages: [message("Avant")] })
  expect(screen.getByText("Avant")).toBeTruthy()
  expect(screen.queryByRole("textbox")).toBeNull()
  expect(screen.getByRole("alert").textContent).toContain("ne faites plus partie")
})

test("text is shown as text, whatever it contains", () => {
  const text = "<img src=x onerror=alert(1)> & <b>gras</b>"
  show({ messages: [message("x", { content: { kind: "text", text } })] })
  const log = screen.getByRole("region", { name: "Messages" })
  expect(within(log).getByText(text)).toBeTruthy()
  expect(log.querySelector("img, b")).toBeNull()
})

test("a group says who speaks, with their profession; a departed author is said to be one", () => {
  show({ isDirect: false, name: "Équipe", messages: [message("a"), message("b", { author: "gone" as never })] })
  const log = screen.getByRole("region", { name: "Messages" })
  expect(within(log).getByText(`${jean.professional.givenName} ${jean.professional.familyName}`)).toBeTruthy()
  expect(within(log).getByText("Médecin, Cardiologie")).toBeTruthy()
  expect(within(log).getByText("Ancien membre")).toBeTruthy()
})

test("only a window of a long discussion is in the document", () => {
  show({ messages: Array.from({ length: 1_000 }, (_, index) => message(`m${index}`, { offset: index + 1 })) })
  expect(document.querySelectorAll(".bubble").length).toBeLessThan(60)
  expect(screen.queryByText("m900")).toBeNull()
  expect(screen.getByText("m999")).toBeTruthy()
})

const more = (text: string) => screen.getByRole("button", { name: `Actions sur le message «\u00a0${text}\u00a0»` })

test("what can be done with a message is behind one button, for the keyboard too", () => {
  const target = { device: "phone", envelope: "Lit 12" }
  show({ messages: [message("Lit 12", { offset: 3 })] })
  fireEvent.click(more("Lit 12"))
  expect(screen.queryByRole("button", { name: "Modifier" })).toBeNull()
  fireEvent.click(screen.getByRole("button", { name: "Réagir avec 👍" }))
  expect(calls.onReact).toHaveBeenCalledWith(target, "👍")

  fireEvent.click(more("Lit 12"))
  fireEvent.click(screen.getByRole("button", { name: "Répondre" }))
  expect(screen.getByText("Vous répondez à Jean-Luc FICTIF-PAYET")).toBeTruthy()
  fireEvent.input(field(), { target: { value: "Bien" } })
  fireEvent.keyDown(field(), { key: "Enter" })
  expect(calls.onSend).toHaveBeenCalledWith(expect.objectContaining({ text: "Bien", replyTo: target }))
})

test("an own message is changed or withdrawn while there is time", async () => {
  const changeableUntilMs = new Date(2026, 10, 23, 11).getTime()
  show({ messages: [message("Lit 12", { mine: true, author: marie.account, changeableUntilMs })] })
  fireEvent.click(more("Lit 12"))
  fireEvent.click(screen.getByRole("button", { name: "Modifier" }))
  fireEvent.input(field(), { target: { value: "Lit 14" } })
  fireEvent.keyDown(field(), { key: "Enter" })
  expect(calls.onEdit).toHaveBeenCalledWith({ device: "phone", envelope: "Lit 12" }, "Lit 14", [])

  fireEvent.click(more("Lit 12"))
  fireEvent.click(screen.getByRole("button", { name: "Supprimer pour tous" }))
  const dialog = screen.getByRole("dialog", { hidden: true })
  fireEvent.click(within(dialog).getByText("Supprimer pour tous"))
  await vi.waitFor(() => expect(calls.onWithdraw).toHaveBeenCalledOnce())
})

test("urgent is said in words and waits for someone to take charge", () => {
  show({ messages: [message("Chute", { intent: { kind: "urgent" } })] })
  expect(screen.getByText("Urgent")).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Prendre en charge" }))
  expect(calls.onTake).toHaveBeenCalledWith({ device: "phone", envelope: "Chute" }, false)
  cleanup()
  const taken = [{ account: jean.account, atMs: new Date(2026, 10, 23, 9, 45).getTime() }]
  show({ messages: [message("Chute", { intent: { kind: "urgent" }, taken })] })
  expect(screen.getByText("Pris en charge par Jean-Luc FICTIF-PAYET, 09:45")).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Prendre en charge" })).toBeNull()
})

test("the patient of the discussion is in sight", () => {
  const patient = { birthName: "Payet Fictif", firstName: "Jeanne", birthDate: "1951-03-12", sex: "F", usedName: "", oid: "", matricule: "" } as const
  show({ patient })
  expect(screen.getByRole("button", { name: /PAYET FICTIF Jeanne/ })).toBeTruthy()
})

test("several messages are chosen from the menu of one, counted, and forwarded together", async () => {
  show({ messages: [message("Un"), message("Deux", { offset: 2 }), message("Trois", { offset: 3 })] })
  fireEvent.click(screen.getByRole("button", { name: /Actions sur le message.*Un/ }))
  fireEvent.click(screen.getByRole("button", { name: "Sélectionner" }))
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("1 message sélectionné")
  expect(screen.queryByRole("textbox")).toBeNull()
  fireEvent.click(screen.getByRole("checkbox", { name: /Sélectionner.*Trois/ }))
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("2 messages sélectionnés")

  fireEvent.click(screen.getByRole("button", { name: "Copier" }))
  expect(calls.onCopy).toHaveBeenCalledWith(expect.stringMatching(/Un[^]*Trois/))
  expect(await screen.findByRole("textbox")).toBeTruthy()
})
