/** This device as a new one, let in by an old one: wait for what it hands over, then open with it. */
import { newSelf } from "./accounts/enrolment.js"
import { seedWrite, selfWrite } from "./accounts/self.js"
import { Arrival, isOfChain } from "./accounts/transfers.js"
import { toBase64 } from "./bytes.js"
import type { Handed } from "./crypto/transfer.js"
import { codeOf, isPassing, Refusal } from "./failure.js"
import type { Gate } from "./gate.js"
import type { Http } from "./http.js"
import { reportBug } from "./report.js"

const POLL_MS = 1_500

type Step = (finish: (gate: Gate) => Promise<void>) => Promise<void>

/** Asks until there is an answer, the time is over, or nobody waits any more. */
export class Waiting {
  private isHanded = false
  private readonly timer: ReturnType<typeof setInterval>

  private constructor(
    private readonly arrival: Arrival,
    private readonly onHanded: (handed: Handed) => void,
  ) {
    this.timer = setInterval(() => void this.poll(), POLL_MS)
  }

  /** `step` opens this device with what was handed over. */
  static async begin(http: Http, label: string, step: Step): Promise<Waiting> {
    const arrival = await Arrival.begin(http, label)
    return new Waiting(arrival, (handed) => {
      step((gate) => arrive(gate, arrival, label, handed)).catch((error: unknown) => reportBug("arrival", codeOf(error)))
    })
  }

  get shown(): { readonly code: string; readonly qr: string } {
    return { code: this.arrival.code, qr: this.arrival.qr }
  }

  stop(): void {
    clearInterval(this.timer)
  }

  private async poll(): Promise<void> {
    try {
      const handed = await this.arrival.poll()
      if (handed === null || this.isHanded) return
      this.isHanded = true
      this.stop()
      this.onHanded(handed)
    } catch (error) {
      if (!isPassing(codeOf(error))) this.stop()
    }
  }
}

async function arrive(gate: Gate, arrival: Arrival, label: string, handed: Handed): Promise<void> {
  const { status } = gate
  if (status === null || !gate.locker.isEmpty) throw new Refusal("unexpected")
  const { account, generation, secret } = handed
  const self = newSelf(status, { account, device: arrival.device, label, secrets: [{ generation, secret }], enrolling: null })
  const store = await gate.locker.make(async (empty) => [await seedWrite(empty, arrival.seed), await selfWrite(empty, self)])
  const desk = await gate.makeDesk(store)
  try {
    const proof = toBase64(await desk.keyring.proveEnrol(arrival.nonce))
    const body = { account, device: arrival.device, proof }
    await desk.sessions.keep(await gate.http.open("POST", `/api/transfers/${arrival.transfer}/session`, body))
    if (!(await isOfChain(handed, desk.contacts, arrival.device))) throw new Refusal("identity_refused")
  } catch (error) {
    desk.close()
    await gate.locker.destroy()
    throw error
  }
  gate.take(desk)
}
