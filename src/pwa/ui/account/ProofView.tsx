import { useState } from "preact/hooks"
import type { PinAnswer } from "../../bridge/commands.js"
import { NoticeView } from "../components/NoticeView.js"
import { SheetView } from "../components/SheetView.js"
import { useTask } from "../components/useTask.js"
import { PinUnlockView } from "../entry/PinUnlockView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { askedProof, type AskedProof } from "./proving.js"

/** Above whatever asked for it. */
export function ProofView() {
  const asked = askedProof.value
  return asked === null ? null : <PinProofView asked={asked} />
}

function PinProofView({ asked }: { readonly asked: AskedProof }) {
  const { pin } = words()
  const task = useTask()
  const [answer, setAnswer] = useState<PinAnswer | null>(null)
  const offer = (digits: string) =>
    task.run(async () => {
      const told = await asked.engine.ask("pinUnlock", { digits })
      if (told.isOpen) asked.end(true)
      else setAnswer(told)
    })
  return (
    <SheetView title={pin.proveTitle} onClose={() => asked.end(false)}>
      <div class="sheet-form">
        <p>{pin.proveExplain}</p>
        <PinUnlockView isWorking={task.isRunning} answer={answer} action={pin.prove} onPin={offer} />
        {task.failure !== null && <NoticeView tone="urgent" text={explainCode(task.failure)} />}
      </div>
    </SheetView>
  )
}
