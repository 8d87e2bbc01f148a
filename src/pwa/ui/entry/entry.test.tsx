// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/preact"
import { afterEach, expect, test, vi } from "vitest"
import { professional } from "../testing/people.js"
import { LockView } from "./LockView.js"
import { SignInView } from "./SignInView.js"
import { WelcomeView } from "./WelcomeView.js"

const providers = [
  { id: "psc", label: "Pro Santé Connect" },
  { id: "oiis", label: "OIIS PRO" },
]
afterEach(cleanup)

test("a refused sign-in is explained, and every provider is offered", () => {
  const onProvider = vi.fn()
  render(
    <SignInView providers={providers} error="not_in_directory" canUsePasskeys={false} isWorking={false} language="fr" onLanguage={vi.fn()} onProvider={onProvider} onPasskey={vi.fn()} onOther={vi.fn()} onLost={vi.fn()} onReload={vi.fn()} />,
  )
  expect(screen.getByRole("alert").textContent).toContain("n'est pas dans l'annuaire")
  fireEvent.click(screen.getByRole("button", { name: "Continuer avec OIIS PRO" }))
  expect(onProvider).toHaveBeenCalledWith(providers[1])
})

test("the lock shows one button and nothing about anybody; after a failure, beginning anew is explained first", async () => {
  const onForget = vi.fn(() => Promise.resolve())
  const pin = { withPin: false, pinAnswer: null, onPin: vi.fn() }
  const props = { ...pin, withPasskey: true, providers, isWorking: false, onUnlock: vi.fn(), onProvider: vi.fn(), onForget }
  const { rerender } = render(<LockView {...props} failure={null} />)
  expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual(["Déverrouiller"])
  rerender(<LockView {...props} failure="passkey_cancelled" />)
  fireEvent.click(screen.getByRole("button", { name: "Je ne peux plus déverrouiller" }))
  const dialog = await screen.findByRole("dialog")
  expect(dialog.textContent).toContain("vos discussions restent sur vos autres appareils")
  expect(onForget).not.toHaveBeenCalled()
  fireEvent.click(within(dialog).getByRole("button", { name: "Oublier cet appareil" }))
  expect(onForget).toHaveBeenCalledOnce()
})

test("without express login the lock offers the providers", () => {
  const pin = { withPin: false, pinAnswer: null, onPin: vi.fn() }
  const props = { ...pin, providers, isWorking: false, failure: null, onUnlock: vi.fn(), onForget: vi.fn() }
  const onProvider = vi.fn()
  render(<LockView {...props} withPasskey={false} onProvider={onProvider} />)
  fireEvent.click(screen.getByRole("button", { name: "Déverrouiller avec Pro Santé Connect" }))
  expect(onProvider).toHaveBeenCalledWith(providers[0])
})

test("after too many wrong codes the pause is said with its hour, and typing waits for its end", () => {
  vi.useFakeTimers()
  vi.setSystemTime(new Date(2026, 10, 28, 3, 12, 20))
  const props = { withPasskey: false, withPin: true, providers, failure: null, isWorking: false, onUnlock: vi.fn(), onPin: vi.fn(), onProvider: vi.fn(), onForget: vi.fn() }
  const field = () => screen.getByLabelText<HTMLInputElement>("Votre code à 6 chiffres")
  const { rerender } = render(<LockView {...props} pinAnswer={{ isOpen: false, left: 6, waitMs: 0 }} />)
  expect(screen.getByRole("alert").textContent).toBe("Ce n'est pas le bon code. Encore 6 essais.")
  expect(field().disabled).toBe(false)
  rerender(<LockView {...props} pinAnswer={null} />)
  rerender(<LockView {...props} pinAnswer={{ isOpen: false, left: 4, waitMs: 300_000 }} />)
  expect(screen.getByRole("alert").textContent).toBe(
    "Trop d'erreurs. Attendez 5 minutes, jusqu'à 03:17. Encore 4 essais, puis Lien s'efface de cet appareil.",
  )
  expect(field().disabled).toBe(true)
  void act(() => void vi.advanceTimersByTime(299_000))
  expect(field().disabled).toBe(true)
  void act(() => void vi.advanceTimersByTime(1_000))
  expect(screen.getByRole("alert").textContent).toContain("Vous pouvez essayer à nouveau. Encore 4 essais")
  expect(field().disabled).toBe(false)
  vi.useRealTimers()
})

test("welcome says who the directory says this is, and wants a name for the device", () => {
  const onEnrol = vi.fn()
  render(
    <WelcomeView professional={professional()} isNewAccount guest={null} label="Chrome sur Android" isWorking={false} failure={null} onEnrol={onEnrol} onNotMe={vi.fn()} />,
  )
  expect(screen.getByText("Marie FICTIF-HOARAU")).toBeTruthy()
  expect(screen.getByText("Cabinet du Port · Saint-Paul")).toBeTruthy()
  const field = screen.getByLabelText<HTMLInputElement>("Nom de cet appareil")
  expect(field.value).toBe("Chrome sur Android")
  fireEvent.input(field, { target: { value: "  " } })
  fireEvent.click(screen.getByRole("button", { name: "Commencer" }))
  expect(onEnrol).not.toHaveBeenCalled()
  expect(field.getAttribute("aria-invalid")).toBe("true")
  fireEvent.input(field, { target: { value: " Téléphone " } })
  fireEvent.click(screen.getByRole("button", { name: "Commencer" }))
  expect(onEnrol).toHaveBeenCalledWith("Téléphone")
})
