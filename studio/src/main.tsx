import { render } from "preact";
import { App } from "./app";
import { listen } from "./state/events";
import { refresh, start } from "./state/page";
import "./styles/page.css";

start();
listen(refresh);
render(<App />, document.getElementById("page")!);
