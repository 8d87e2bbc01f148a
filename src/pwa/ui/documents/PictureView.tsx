import { useEffect, useState } from "preact/hooks"
import { ZoomView } from "./ZoomView.js"

/** An address for bytes that lives as long as the view that shows them. */
export function useObjectUrl(bytes: Uint8Array<ArrayBuffer> | null, mediaType: string): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (bytes === null) return
    const made = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes])
  return url
}

type Props = { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string; readonly label: string }

export function PictureView({ bytes, mediaType, label }: Props) {
  const url = useObjectUrl(bytes, mediaType)
  if (url === null) return null
  return <ZoomView label={label}>{(width) => <img class="picture" src={url} alt={label} style={{ width: `${width}px` }} />}</ZoomView>
}
