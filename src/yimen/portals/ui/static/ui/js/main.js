// Everything that a page may use; each module looks for its own data attributes and leaves other pages alone.
import "./theme.js";
import "./shortcuts.js";
import "./palette.js";
import "./dialogs.js";
import "./forms.js";
import "./autosave.js";
import "./upload.js";
import "./conditions.js";
import "./redraw.js";
import "./tables.js";
import "./small.js";
