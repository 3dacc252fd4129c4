/** A handler for Enter as "send": not while an input method composes, and not with Shift, which starts a new line. */
export function onSendKey(send: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
}

/** Whether a click is the second of a double click, which would press what the first one has put in its place. */
export function isRepeat(event: MouseEvent): boolean {
  return event.detail > 1;
}
