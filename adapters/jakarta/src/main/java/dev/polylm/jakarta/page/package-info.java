/** The chat page: static files of this package's folder, beside the API. */
@NullMarked
package dev.polylm.jakarta.page;

import org.jspecify.annotations.NullMarked;
