import type { InitializeProps, RenderProps } from "@anywidget/types";
import type { Message, Shared } from "./lib/view";
import { mount } from "./mount";

export { mount };

// Each model imports a module of its own: so this is one object a model when the bundle itself is a widget's `_esm` (hot reload).
const shared: Shared = { early: [] };

export default {
  initialize({ model }: InitializeProps): { mount: typeof mount } {
    if (model.get("_kind") !== "runtime") {
      model.on("msg:custom", (...message: Message) => {
        if (shared.early && shared.early.length < 256) shared.early.push(message);
      });
    }
    return { mount };
  },
  render(props: RenderProps): void {
    mount(props, shared);
  },
};
