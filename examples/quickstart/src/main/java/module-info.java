/** The ten lines of the README, as a module. */
module dev.polylm.quickstart {
  requires dev.polylm;
}
