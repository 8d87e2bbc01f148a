import { ConfirmView } from "../components/ConfirmView.js"
import { words } from "../i18n/language.js"

type Props = { readonly onSave: () => Promise<void>; readonly onClose: () => void }

/** Something of a document leaves Lien. */
export function LeavingView({ onSave, onClose }: Props) {
  const text = words().document
  return <ConfirmView title={text.saveTitle} text={text.saveExplain} action={text.saveConfirm} isHarmless onConfirm={onSave} onClose={onClose} />
}
