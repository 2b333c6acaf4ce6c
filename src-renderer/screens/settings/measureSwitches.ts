/** Settings of a study that say what is measured beside each defacing; they have a card of their own. */
export const measureSwitches = ['measureImageQuality', 'measureTexture', 'tableAboutScan'] as const;
