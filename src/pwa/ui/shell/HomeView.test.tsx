// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/preact"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { EngineFailure } from "../../bridge/channel.js"
import type { Discussion, Me, Phase } from "../../bridge/models.js"
import { anais, channel, discussion, jean, marie, message } from "../testing/people.js"
import { PageEngine, type Answers } from "../testing/pageEngine.js"

vi.mock("../urls.js", () => ({ startEngineWorker: vi.fn(), registerServiceWorker: vi.fn() }))

const me: Me = { account: marie.account, device: "d" as never, person: marie, expressLogin: true, offerExpressLogin: false, pin: null, lockSeconds: 300, alert: null, offerRecovery: false }
const open = (overrides: Partial<Extract<Phase, { kind: "open" }>> = {}): Phase => ({ kind: "open", me, link: "online", signedIn: true, ...overrides })

async function start(answers: Answers, discussions: readonly Discussion[], phase: Phase = open()) {
  const { AppView, fetchHome } = await import("../app.js")
  await fetchHome()
  const { createPage } = await import("../page.js")
  const { startRouter } = await import("../router.js")
  const engine: PageEngine = new PageEngine({
    watchDiscussion: (request) => {
      const watched = discussions.find((one) => one.channel === request.channel)
      if (watched !== undefined) engine.tell({ kind: "discussion", discussion: watched })
      return null
    },
    ...answers,
  })
  const page = createPage(engine)
  const stop = startRouter()
  engine.tell({ kind: "phase", phase })
  engine.tell({ kind: "discussions", discussions })
  render(<AppView page={page} />)
  return { engine, page, stop }
}

beforeEach(() => {
  location.hash = ""
  history.replaceState(null, "", "#/discussions")
})
afterEach(cleanup)

test("from the list to a discussion, a message sent, and back", async () => {
  const { engine, stop } = await start({ sendText: () => ({ envelope: "e" as never }) }, [discussion({ messages: [message("Bonjour", { offset: 7 })] })])
  fireEvent.click(screen.getByRole("button", { name: /Jean-Luc FICTIF-PAYET/ }))
  const field = await screen.findByRole("textbox")
  expect(location.hash).toBe("#/discussion/c1")
  expect(document.title).not.toContain("FICTIF")
  fireEvent.input(field, { target: { value: "Bien reçu" } })
  fireEvent.click(screen.getByRole("button", { name: "Envoyer" }))
  await waitFor(() => expect(engine.requests("sendText")).toMatchObject([{ channel: "c1", text: "Bien reçu" }]))
  await waitFor(() => expect(engine.requests("markRead")).toEqual([{ channel: "c1", offset: 7 }]))
  fireEvent.click(screen.getByRole("button", { name: "Retour" }))
  await waitFor(() => expect(location.hash).toBe("#/discussions"))
  await waitFor(() => expect(engine.requests("watchDiscussion").at(-1)).toEqual({ channel: null }))
  stop()
})

test("a group is made of people found in the directory, and named", async () => {
  const people = [jean, anais].map((person) => person.professional)
  const { engine, stop } = await start(
    {
      searchDirectory: () => ({ professionals: people, next: null, extractDate: "2026-11-16" }),
      createGroup: () => ({ channel: channel("g1") }),
    },
    [],
  )
  fireEvent.click(screen.getByRole("button", { name: "Nouvelle discussion" }))
  fireEvent.click(await screen.findByRole("button", { name: "Nouveau groupe" }))
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: "fictif" } })
  fireEvent.click(await screen.findByRole("button", { name: /Jean-Luc/ }))
  fireEvent.click(screen.getByRole("button", { name: /Anaïs FICTIF/ }))
  fireEvent.click(screen.getByRole("button", { name: "Continuer" }))
  fireEvent.click(screen.getByRole("button", { name: "Créer le groupe" }))
  expect(screen.getByLabelText("Nom du groupe").getAttribute("aria-invalid")).toBe("true")
  fireEvent.input(screen.getByLabelText("Nom du groupe"), { target: { value: "Équipe plaies" } })
  fireEvent.click(screen.getByRole("button", { name: "Créer le groupe" }))
  await waitFor(() => expect(engine.requests("createGroup")).toEqual([{ name: "Équipe plaies", members: [jean.account, anais.account] }]))
  await waitFor(() => expect(location.hash).toBe("#/discussion/g1"))
  expect(await screen.findByText("Cette discussion n'est plus disponible")).toBeTruthy()
  stop()
})

test("an administrator removes a member only after being told what it does", async () => {
  const group = discussion({ isDirect: false, name: "Équipe", members: [marie, jean, anais] })
  const { engine, stop } = await start({}, [group])
  fireEvent.click(screen.getByRole("button", { name: /Équipe/ }))
  fireEvent.click(await screen.findByRole("button", { name: /Voir les membres/ }))
  fireEvent.click(await screen.findByRole("button", { name: "Actions pour Jean-Luc FICTIF-PAYET" }))
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Retirer" }))
  const dialog = await screen.findByRole("dialog")
  expect(dialog.textContent).toContain("ne recevra plus les messages")
  expect(engine.requests("removeMember")).toEqual([])
  fireEvent.click(within(dialog).getByRole("button", { name: "Retirer" }))
  await waitFor(() => expect(engine.requests("removeMember")).toEqual([{ channel: "c1", member: jean.account }]))
  stop()
})

test("offline the strip says what happens, and the directory what it needs", async () => {
  const refuse = () => {
    throw new EngineFailure("offline")
  }
  const { stop } = await start({ searchDirectory: refuse }, [], open({ link: "offline" }))
  expect(screen.getByText(/partiront dès que possible/)).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Annuaire" }))
  fireEvent.input(await screen.findByRole("searchbox"), { target: { value: "payet" } })
  expect(await screen.findByText(/a besoin du réseau/)).toBeTruthy()
  stop()
})

test("a session that is over asks for one gesture, and keeps everything on screen", async () => {
  const { stop } = await start({}, [discussion()], open({ signedIn: false }))
  expect(screen.getByText(/Votre brouillon est gardé/)).toBeTruthy()
  expect(screen.getByRole("button", { name: "Déverrouiller" })).toBeTruthy()
  expect(screen.getByRole("button", { name: /Jean-Luc/ })).toBeTruthy()
  stop()
})

test("express login is offered once, and Later is an answer", async () => {
  const { engine, stop } = await start({}, [], open({ me: { ...me, expressLogin: false, offerExpressLogin: true } }))
  fireEvent.click(screen.getByRole("button", { name: "Plus tard" }))
  await waitFor(() => expect(engine.requests("expressLoginLater")).toHaveLength(1))
  stop()
})

test("revoking a device says what happens to it", async () => {
  const devices = [
    { device: "d" as never, label: "Chrome sur Android", addedAtMs: 1, seenAtMs: 1, isThis: true, revoked: false },
    { device: "old" as never, label: "Safari sur iPhone", addedAtMs: 1, seenAtMs: 1, isThis: false, revoked: false },
  ]
  const { engine, stop } = await start({ listDevices: () => ({ devices }), searchDirectory: () => ({ professionals: [], next: null, extractDate: "" }) }, [])
  fireEvent.click(screen.getByRole("button", { name: "Moi" }))
  fireEvent.click(await screen.findByRole("button", { name: /Appareils et connexions/ }))
  fireEvent.click(await screen.findByRole("button", { name: "Retirer Safari sur iPhone" }))
  expect(screen.queryByRole("button", { name: "Retirer Chrome sur Android" })).toBeNull()
  const dialog = await screen.findByRole("dialog")
  expect(dialog.textContent).toContain("s'effacera dès qu'il se connectera")
  fireEvent.click(within(dialog).getByRole("button", { name: "Retirer" }))
  await waitFor(() => expect(engine.requests("revokeDevice")).toEqual([{ device: "old" }]))
  stop()
})

test("the account's activity says what happened, where and by whom", async () => {
  const events = [
    { number: 9, atMs: 1, kind: "account_suspended", by: "directory", note: "left_directory", subject: "", device: null, isHere: false },
    { number: 7, atMs: 1, kind: "signed_in", by: "self", note: "passkey", subject: "", device: "Safari sur iPhone", isHere: false },
    { number: 5, atMs: 1, kind: "a_kind_of_later", by: "self", note: "", subject: "", device: null, isHere: false },
  ]
  const older = [{ number: 2, atMs: 1, kind: "account_created", by: "self", note: "psc", subject: "", device: null, isHere: false }]
  const listEvents = ({ before }: { readonly before: number | null }) => (before === null ? { events, before: 5 } : { events: older, before: null })
  const { engine, stop } = await start({ listEvents, searchDirectory: () => ({ professionals: [], next: null, extractDate: "" }) }, [])
  fireEvent.click(screen.getByRole("button", { name: "Moi" }))
  fireEvent.click(await screen.findByRole("button", { name: /Activité de mon compte/ }))
  await screen.findByText(/absent de l'annuaire national · à l'import de l'annuaire/)
  await screen.findByText(/Safari sur iPhone · connexion express/)
  expect(screen.getByText("Changement sur le compte")).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Voir plus ancien" }))
  await screen.findByText("Compte créé")
  expect(engine.requests("listEvents")).toEqual([{ before: null }, { before: 5 }])
  expect(screen.queryByRole("button", { name: "Voir plus ancien" })).toBeNull()
  stop()
})

test("how long Lien stays open in the background is chosen for this device", async () => {
  const { engine, stop } = await start({ searchDirectory: () => ({ professionals: [], next: null, extractDate: "2026-11-16" }) }, [])
  fireEvent.click(screen.getByRole("button", { name: "Moi" }))
  const choices = await screen.findByRole("radiogroup", { name: "Verrouillage quand vous quittez Lien" })
  expect(within(choices).getByLabelText<HTMLInputElement>("30 s").checked).toBe(true)
  fireEvent.click(within(choices).getByLabelText("Tout de suite"))
  await screen.findByText("Lien se verrouille aussi dès que vous le quittez.")
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden")
  document.dispatchEvent(new Event("visibilitychange"))
  await waitFor(() => expect(engine.requests("lock")).toHaveLength(1))
  vi.restoreAllMocks()
  stop()
})

test("closing the account is asked for twice", async () => {
  const { engine, stop } = await start({ searchDirectory: () => ({ professionals: [], next: null, extractDate: "" }) }, [])
  fireEvent.click(screen.getByRole("button", { name: "Moi" }))
  fireEvent.click(await screen.findByRole("button", { name: /Fermer mon compte/ }))
  const dialog = await screen.findByRole("dialog")
  expect(engine.requests("closeAccount")).toEqual([])
  fireEvent.click(within(dialog).getByRole("button", { name: "Fermer mon compte" }))
  await waitFor(() => expect(engine.requests("closeAccount")).toHaveLength(1))
  stop()
})

test("a discussion is marked as unread by hand, seen so, and read again when it is opened", async () => {
  const one = discussion({ messages: [message("Bonjour", { offset: 7 })] })
  const { engine, stop } = await start({}, [one])
  fireEvent.contextMenu(screen.getByRole("button", { name: /Jean-Luc FICTIF-PAYET/ }))
  fireEvent.click(screen.getByRole("button", { name: "Marquer comme non lue" }))
  expect(engine.requests("setPreference")).toEqual([{ channel: "c1", preference: { isUnread: true } }])

  engine.tell({ kind: "discussions", discussions: [{ ...one, preference: { ...one.preference, isUnread: true } }] })
  const row = await screen.findByRole("button", { name: /Marquée comme non lue/ })
  fireEvent.contextMenu(row)
  fireEvent.click(screen.getByRole("button", { name: "Marquer comme lue" }))
  expect(engine.requests("setPreference").at(-1)).toEqual({ channel: "c1", preference: { isUnread: false } })
  stop()
})
