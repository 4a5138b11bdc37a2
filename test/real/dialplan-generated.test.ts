import { compareGenerated } from './dialplan-generated.ts';

// test/long has three times as many
compareGenerated(1000);
