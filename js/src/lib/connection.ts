import type { AnyModel } from "@anywidget/types";

interface Connection {
  connectionStatusChanged: {
    connect(slot: (sender: unknown, status: string) => void): void;
    disconnect(slot: (sender: unknown, status: string) => void): void;
  };
}

/**
 * Hear when the connection to the kernel is back after it was lost: what was under way then may be lost too.
 *
 * JupyterLab and Notebook tell; where the page's manager of widgets has no such thing, nothing is heard.
 */
export function onReconnect(
  { widget_manager: manager }: Pick<AnyModel, "widget_manager">,
  back: () => void,
  signal: AbortSignal,
): void {
  const kernel = (manager as { kernel?: Partial<Connection> | null } | undefined)?.kernel;
  const changes = kernel?.connectionStatusChanged;
  if (!changes) return;
  let lost = false;
  const slot = (_sender: unknown, status: string) => {
    if (status !== "connected") lost = true;
    else if (lost) {
      lost = false;
      back();
    }
  };
  changes.connect(slot);
  signal.addEventListener("abort", () => changes.disconnect(slot));
}
