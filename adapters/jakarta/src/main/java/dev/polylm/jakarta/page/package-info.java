/** The chat page: static files in this package's folder, served beside the API. */
@NullMarked
package dev.polylm.jakarta.page;

import org.jspecify.annotations.NullMarked;
