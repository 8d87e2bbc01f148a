/** The browser forgets its address and what it showed: nobody is left here to be woken. */
export async function forgetWaking(): Promise<void> {
  if (!("serviceWorker" in navigator)) return
  const nothing = (navigator as { clearAppBadge?: () => Promise<void> }).clearAppBadge?.()
  nothing?.catch(() => undefined)
  const registration = await navigator.serviceWorker.getRegistration()
  if (registration === undefined) return
  for (const shown of await registration.getNotifications()) shown.close()
  if (!("pushManager" in registration)) return
  const subscription = await registration.pushManager.getSubscription()
  await subscription?.unsubscribe()
}
